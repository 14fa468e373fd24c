package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.cli.Shell.Outcome;
import dev.convoy.graph.Parameter;
import dev.convoy.models.Labels;
import dev.convoy.models.Models;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Image;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  private static final Path SEVEN = Shell.DIGITS.resolve("7_0000.png");

  @TempDir private static Path folder;

  private static Path weights = Path.of("");

  /** Weights of the right shapes, with numbers that mean nothing. */
  @BeforeAll
  static void writeWeights() {
    Random random = new Random(1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter.Stored p : Models.mobilenetV2().network().graph().storedParameters().values()) {
      Shape shape = p.shape();
      float[] values = new float[shape.intSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = p.key().endsWith("running_var") ? 1 : (float) random.nextGaussian() * 0.1f;
      }
      tensors.put(p.key(), new Tensor(shape, values));
    }
    weights = folder.resolve("mobilenet_v2-b0353104.safetensors");
    Weights.of(tensors).save(weights);
  }

  private static Outcome explain(Object... more) {
    Object[] words = {"explain", "mobilenet_v2", SEVEN, "--weights", weights};
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Shell.convoy(all);
  }

  @Test
  void drawsTheMapOverThePhoto() {
    Path first = folder.resolve("first.png");
    Path other = folder.resolve("other.png");
    Outcome outcome = explain("--out", first);
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().startsWith(SEVEN + ": "), outcome.out());
    assertTrue(outcome.out().endsWith("its map is in " + first + "\n"), outcome.out());
    Image drawn = Image.read(first);
    assertEquals(28, drawn.width());
    assertEquals(28, drawn.height());

    Outcome samoyed = explain("--class", "samoyed", "--out", other);
    assertTrue(samoyed.out().contains(": 258 Samoyed 0."), samoyed.out() + samoyed.err());
    assertNotEquals(drawn, Image.read(other));
    assertEquals(samoyed.out(), explain("--class", 258, "--out", other).out());
  }

  @Test
  void labelsSendNothingToTheTerminal() throws IOException {
    List<String> names = new ArrayList<>(Labels.IMAGENET.names());
    names.set(7, "cock\u009b31m");
    Path labels = Files.write(folder.resolve("labels.txt"), names);
    Path png = folder.resolve("cock.png");
    Outcome drawn = explain("--labels", labels, "--class", 7, "--out", png);
    assertTrue(drawn.out().contains(": 7 cock?31m 0."), drawn.out() + drawn.err());
    Outcome refused = explain("--labels", labels, "--class", "cock\u009b31");
    assertTrue(refused.err().contains("no class 'cock?31'; did you mean cock?31m"), refused.err());
  }

  @Test
  void itsPlanIsSavedAndTakenAgain() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without the native library");
    Path plan = folder.resolve("explain.plan");
    Path png = folder.resolve("planned.png");
    Outcome saved = explain("--backend", "native", "--out", png, "--save-plan", plan);
    assertEquals(0, saved.status(), saved.err());
    assertEquals(saved, explain("--backend", "native", "--out", png, "--plan", plan));
  }

  @Test
  void nothingThatItReadsIsWrittenOver() throws IOException {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without the native library");
    Path photo = Files.copy(SEVEN, folder.resolve("photo.png"));
    byte[] before = Files.readAllBytes(photo);
    Path linked = Files.createLink(folder.resolve("linked.png"), photo);
    Path plan = folder.resolve("same");
    for (Object[] more :
        List.of(
            new Object[] {"--out", photo},
            new Object[] {"--out", photo, "--force"},
            new Object[] {"--out", linked},
            new Object[] {"--out", weights, "--force"},
            new Object[] {"--out", plan, "--save-plan", plan},
            new Object[] {"--save-plan", weights, "--force"})) {
      Object[] words = {"explain", "mobilenet_v2", photo, "--weights", weights};
      Object[] all = Arrays.copyOf(words, words.length + more.length);
      System.arraycopy(more, 0, all, words.length, more.length);
      Outcome outcome = Shell.convoy(all);
      assertEquals(2, outcome.status(), outcome.out());
      assertTrue(outcome.err().contains("uses that file otherwise; give another"), outcome.err());
    }
    assertArrayEquals(before, Files.readAllBytes(photo));
    assertFalse(Files.exists(plan));
  }

  @Test
  void aFileOfAnotherKindIsReplacedByForceOnly() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    Outcome refused = explain("--out", notes);
    assertEquals(2, refused.status(), refused.out());
    assertEquals(
        "convoy: "
            + notes
            + " is there already and is no PNG image; give another name, or --force\n",
        refused.err());
    assertEquals("mine", Files.readString(notes));
    assertEquals(0, explain("--out", notes, "--force").status());
    assertEquals(28, Image.read(notes).width());
    assertEquals(0, explain("--out", notes).status(), "a PNG gives way to another");
  }

  @Test
  void nanIsNoExplanation() {
    Weights sound = Weights.load(weights);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    sound.names().forEach(key -> tensors.put(key, sound.tensor(key)));
    float[] bias = sound.tensor("classifier.1.bias").values().clone();
    bias[7] = Float.NaN;
    tensors.put("classifier.1.bias", new Tensor(Shape.of(bias.length), bias));
    Path spoilt = folder.resolve("spoilt.safetensors");
    Weights.of(tensors).save(spoilt);
    Path out = folder.resolve("nan.png");
    Outcome outcome =
        Shell.convoy("explain", "mobilenet_v2", SEVEN, "--weights", spoilt, "--out", out);
    assertEquals(1, outcome.status(), outcome.out());
    assertTrue(outcome.err().contains(SEVEN + ": the network gives NaN"), outcome.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void refusesClassesThatThereAreNot() {
    assertTrue(explain("--class", "samoyeds").err().contains("did you mean Samoyed?"));
    assertTrue(explain("--class", "1000").err().contains("numbered 0 to 999"));
  }

  @Test
  void refusesNetworksThatEndInAnotherWayBeforeItLooksForWeights() {
    Outcome outcome = Shell.convoy("explain", "vgg16", SEVEN);
    assertEquals(2, outcome.status());
    assertTrue(
        outcome.err().contains("instead of global average pooling before 'classifier.6'"),
        outcome.err());
  }
}
