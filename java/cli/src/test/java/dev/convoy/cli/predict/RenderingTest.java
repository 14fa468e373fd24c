package dev.convoy.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.cli.Progress;
import dev.convoy.models.Labels;
import dev.convoy.models.Prediction.Candidate;
import dev.convoy.vision.Preprocessing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tables, JSON, CSV and the progress bar, character by character. */
class RenderingTest {
  private static final List<Candidate> DOG =
      List.of(
          new Candidate(258, "Samoyed", 0.8846f), new Candidate(222, "kuvasz, \"tall\"", 1e-5f));

  private static String render(Function<PrintWriter, PredictionWriter> format, String... files) {
    StringWriter text = new StringWriter();
    try (PredictionWriter writer = format.apply(new PrintWriter(text))) {
      for (String file : files) {
        writer.write(file, DOG);
      }
    }
    return text.toString();
  }

  @Test
  void longLabelsGetALineEach() {
    Labels labels = new Labels(List.of("Samoyed", "kuvasz, \"tall\""));
    assertEquals(
        """
        File     Label           Prob.
        dog.jpg  Samoyed         0.8846
                 kuvasz, "tall"  0.0000
        cat?[.j  Samoyed         0.8846
                 kuvasz, "tall"  0.0000
        """,
        render(out -> new PredictionTable(out, 7, labels, 2), "dog.jpg", "cat\u001b[.j"));
  }

  @Test
  void labelsSendNothingToTheTerminal() {
    Labels labels = new Labels(List.of("Sam\u001b[31m", "ku\u009b2J"));
    StringWriter text = new StringWriter();
    try (PredictionWriter table = new PredictionTable(new PrintWriter(text), 1, labels, 2)) {
      table.write(
          "a", List.of(new Candidate(0, labels.name(0), 1), new Candidate(1, labels.name(1), 0)));
    }
    assertEquals(
        """
        File  Label     Prob.
        a     Sam?[31m  1.0000
              ku?2J     0.0000
        """,
        text.toString());
  }

  @Test
  void csvQuotesAsTheRfcSays() {
    assertEquals(
        """
        file,rank,index,label,probability
        "a,b.png",1,258,Samoyed,0.8846
        "a,b.png",2,222,"kuvasz, ""tall""\",1.0E-5
        """,
        render(PredictionCsv::new, "a,b.png"));
  }

  @Test
  void jsonEscapes() {
    String dog =
        "\"preprocessing\": \"%s\", \"predictions\": [".formatted(Preprocessing.mnist())
            + "{\"index\": 258, \"label\": \"Samoyed\", \"probability\": 0.8846},"
            + " {\"index\": 222, \"label\": \"kuvasz, \\\"tall\\\"\", \"probability\": 1.0E-5}]}";
    assertEquals(
        "[\n  {\"file\": \"a.png\", " + dog + ",\n  {\"file\": \"b\\n.png\", " + dog + "\n]\n",
        render(RenderingTest::json, "a.png", "b\n.png"));
    assertEquals("[]\n", render(RenderingTest::json));
  }

  private static PredictionWriter json(PrintWriter out) {
    return new PredictionJson(out, Preprocessing.mnist());
  }

  @Test
  void theBarKeepsAwayFromLinesAndVanishes() {
    StringWriter text = new StringWriter();
    PrintWriter terminal = new PrintWriter(text);
    try (Progress progress = Progress.ofFiles(terminal, true, "predict", 1000)) {
      progress.reach(1);
      progress.above(() -> terminal.print("a line\n"));
      progress.reach(1000);
    }
    assertTrue(text.toString().contains("\r\u001b[Ka line\n"), text.toString());
    assertTrue(text.toString().endsWith("\r\u001b[K"), text.toString());
  }

  @Test
  void noBarForFewFilesOrWithoutATerminal() {
    StringWriter text = new StringWriter();
    try (Progress few = Progress.ofFiles(new PrintWriter(text), true, "predict", 3);
        Progress blind = Progress.ofFiles(new PrintWriter(text), false, "predict", 1000)) {
      few.reach(1);
      blind.reach(1);
    }
    assertEquals("", text.toString());
  }
}
