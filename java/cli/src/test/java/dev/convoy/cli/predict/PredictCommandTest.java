package dev.convoy.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.cli.JsonText;
import dev.convoy.cli.Shell;
import dev.convoy.cli.Shell.Outcome;
import dev.convoy.models.Models;
import dev.convoy.plan.Backends;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictCommandTest {
  private static final Path SEVEN = Shell.DIGITS.resolve("7_0000.png");

  @TempDir Path folder;

  static List<String> backends() {
    boolean hasNative = !Boolean.getBoolean("convoy.native.skip");
    return Backends.names().stream()
        .filter(name -> hasNative || name.startsWith("reference"))
        .toList();
  }

  /** Rows of CSV behind the heading. */
  private static List<String[]> rows(Outcome csv) {
    return csv.out().lines().skip(1).map(line -> line.split(",", -1)).toList();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void readsTheSampleDigits(String backend) {
    Outcome outcome =
        Shell.convoy("predict", "lenet5", Shell.DIGITS, "--csv", "--top", 1, "--backend", backend);
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals("", outcome.err(), "no progress bar without a terminal");
    List<String[]> rows = rows(outcome);
    assertEquals(40, rows.size());
    long right =
        rows.stream()
            .filter(row -> Path.of(row[0]).getFileName().toString().substring(0, 1).equals(row[3]))
            .count();
    assertTrue(right >= 39, right + " of 40");
  }

  @Test
  void resultsDoNotDependOnBatchOrThreads() {
    Outcome together = Shell.convoy("predict", "lenet5", Shell.DIGITS, "--csv");
    assertEquals(together, Shell.convoy("predict", "lenet5", Shell.DIGITS, "--csv", "--batch", 1));
    assertEquals(
        together,
        Shell.convoy("predict", "lenet5", Shell.DIGITS, "--csv", "--batch", 7, "--threads", 1));
  }

  @Test
  void tableHasALineForEachDigit() {
    Outcome outcome = Shell.convoy("predict", "lenet5", SEVEN, "--top", 2);
    String file = SEVEN.toString();
    List<String> lines = outcome.out().lines().toList();
    assertEquals(2, lines.size());
    assertEquals(
        "File" + " ".repeat(file.length() - 4) + "  Label  Prob.   Label  Prob.", lines.get(0));
    assertTrue(lines.get(1).startsWith(file + "  7      0.99"), lines.get(1));
  }

  @Test
  void jsonIsOneArrayWithAnObjectForEachImage() {
    Outcome outcome = Shell.convoy("predict", "lenet5", Shell.DIGITS, "--json");
    assertEquals(40, JsonText.count(outcome.out(), "file"));
    assertEquals(200, JsonText.count(outcome.out(), "probability"));
    assertEquals(42, outcome.out().lines().count());
    assertEquals(
        0, JsonText.count(Shell.convoy("predict", "lenet5", "no.png", "--json").out(), "file"));
  }

  @Test
  void aLayersFeaturesInsteadOfClasses() {
    Outcome csv = Shell.convoy("predict", "lenet5", Shell.DIGITS, "--at", "fc1", "--csv");
    assertEquals(0, csv.status(), csv.err());
    assertEquals("file,0,1,2,", csv.out().substring(0, 11));
    assertEquals(40, rows(csv).size());
    assertTrue(rows(csv).stream().allMatch(row -> row.length == 1 + 84));
    assertEquals(
        csv, Shell.convoy("predict", "lenet5", Shell.DIGITS, "--at", "fc1", "--csv", "--batch", 3));

    Outcome json = Shell.convoy("predict", "lenet5", SEVEN, "--at", "conv1", "--json");
    assertTrue(json.out().contains("\"preprocessing\": \"convert to grey, "), json.out());
    assertTrue(
        json.out().contains("\"layer\": \"conv1\", \"shape\": [6, 28, 28], \"features\": ["),
        json.out());
    assertEquals(1, JsonText.count(json.out(), "features"));

    Outcome table = Shell.convoy("predict", "lenet5", SEVEN, "--at", "fc1");
    assertEquals(2, table.out().lines().count());
    assertTrue(table.out().contains("  84  "), table.out());
  }

  @Test
  void aPlanOfALayersFeaturesIsSavedAndTakenAgain() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without the native library");
    Path plan = folder.resolve("fc1.plan");
    Object[] words = {"predict", "lenet5", SEVEN, "--at", "fc1", "--csv", "--backend", "native"};
    Outcome saved = Shell.convoy(with(words, "--save-plan", plan));
    assertEquals(0, saved.status(), saved.err());
    assertTrue(Files.exists(plan));
    assertEquals(saved, Shell.convoy(with(words, "--plan", plan)));
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
  }

  @Test
  void unknownLayersAreRefusedWithNearOnes() {
    Outcome outcome = Shell.convoy("predict", "lenet5", SEVEN, "--at", "conv7");
    assertEquals(2, outcome.status());
    assertEquals("", outcome.out());
    assertEquals(
        """
        convoy: there is no layer or scope 'conv7'; did you mean conv1, conv2, conv3?
        'convoy summary lenet5' lists the layers
        """,
        outcome.err());
  }

  @Test
  void badFilesAreReportedAndCountedAndTheRestGoesOn() throws IOException {
    Path fake = Files.writeString(folder.resolve("fake.png"), "this is no image");
    byte[] png = Files.readAllBytes(SEVEN);
    Path cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(png, png.length / 2));
    Path missing = folder.resolve("missing.png");
    Outcome outcome =
        Shell.convoy("predict", "lenet5", fake, SEVEN, cut, missing, SEVEN, "--csv", "--top", 1);
    assertEquals(1, outcome.status());
    assertEquals(2, rows(outcome).size(), outcome.out());
    for (Path bad : List.of(fake, cut, missing)) {
      assertTrue(
          outcome.err().lines().anyMatch(l -> l.startsWith("convoy: " + bad + ": ")),
          outcome.err());
    }
    assertTrue(outcome.err().endsWith("convoy: 3 of 5 inputs failed\n"), outcome.err());
  }

  @Test
  void imagesThatGiveNanAreReportedAndCounted() {
    Weights trained = Models.digitWeights();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    trained.names().forEach(key -> tensors.put(key, trained.tensor(key)));
    float[] bias = trained.tensor("fc2.bias").values().clone();
    bias[3] = Float.NaN;
    tensors.put("fc2.bias", new Tensor(Shape.of(10), bias));
    Path spoilt = folder.resolve("spoilt.safetensors");
    Weights.of(tensors).save(spoilt);
    for (String[] more : new String[][] {{"--json"}, {"--csv"}, {"--json", "--at", "fc2"}}) {
      Object[] words = {"predict", "lenet5", SEVEN, SEVEN, "--weights", spoilt};
      Object[] all = Arrays.copyOf(words, words.length + more.length);
      System.arraycopy(more, 0, all, words.length, more.length);
      Outcome outcome = Shell.convoy(all);
      assertEquals(1, outcome.status(), outcome.out());
      assertFalse(outcome.out().contains("NaN"), outcome.out());
      String line = "convoy: " + SEVEN + ": the network gives NaN or infinity; check the weights\n";
      assertEquals(line + line + "convoy: 2 of 2 inputs failed\n", outcome.err());
    }
    Outcome before = Shell.convoy("predict", "lenet5", SEVEN, "--weights", spoilt, "--at", "fc1");
    assertEquals(0, before.status(), before.err());
  }

  @Test
  void namesThatCsvMustQuote() throws IOException {
    Path odd = Files.copy(SEVEN, folder.resolve("a \"seven\", drawn.png"));
    Outcome outcome = Shell.convoy("predict", "lenet5", odd, "--csv", "--top", 1);
    String quoted = "\"" + odd.toString().replace("\"", "\"\"") + "\"";
    assertTrue(
        outcome.out().startsWith("file,rank,index,label,probability\n" + quoted + ",1,7,7,0.99"),
        outcome.out());
    assertFalse(outcome.out().contains("\r"));
  }

  @Test
  void networksWithoutWeightsNameThePublishedFiles() {
    Outcome outcome = Shell.convoy("predict", "resnet50", SEVEN);
    assertEquals(2, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains("resnet50-0676ba61.pth"), outcome.err());
    assertTrue(outcome.err().contains("--weights"), outcome.err());
    assertTrue(
        Shell.convoy("predict", "alexnet_original", SEVEN).err().contains("none are published"));
  }

  @Test
  void missingOrDamagedWeightsAreAnErrorOfUse() throws IOException {
    Path damaged = Files.writeString(folder.resolve("damaged.safetensors"), "not weights at all");
    for (Path weights : List.of(folder.resolve("missing.pth"), damaged, Path.of("/"))) {
      Outcome outcome = Shell.convoy("predict", "lenet5", SEVEN, "--weights", weights);
      assertEquals(2, outcome.status(), outcome.err());
      assertEquals("", outcome.out());
      assertTrue(outcome.err().contains(weights.toString()), outcome.err());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--top=0",
        "--batch=0",
        "--batch=5000",
        "--batch=x",
        "--threads=-1",
        "--threads=0",
        "--mode=slow",
        "--json --csv",
        "--at=fc1 --top=3"
      })
  void refusesWrongOptions(String options) {
    Object[] words = ("predict lenet5 x.png " + options).split(" ", -1);
    Outcome outcome = Shell.convoy(words);
    assertEquals(2, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("convoy: "), outcome.err());
  }

  @Test
  void moreThreadsThanProcessorsAreRefusedByTheOptionsName() {
    for (String command : List.of("predict", "plan", "explain")) {
      Outcome outcome =
          Shell.convoy(
              command.equals("plan")
                  ? new Object[] {command, "lenet5", "--threads", 1_500_000_000}
                  : new Object[] {
                    command, "resnet18", SEVEN, "--weights", "x.pth", "--threads", 1_500_000_000
                  });
      assertEquals(2, outcome.status());
      assertTrue(outcome.err().startsWith("convoy: --threads must be 1 to "), outcome.err());
      assertTrue(outcome.err().endsWith("Try 'convoy " + command + " --help'.\n"), outcome.err());
    }
  }

  @Test
  void noHeadingStandsAloneWhereNoImageCanBeRead() {
    Path missing = folder.resolve("missing.png");
    assertEquals("", Shell.convoy("predict", "lenet5", missing).out());
    assertEquals("", Shell.convoy("predict", "lenet5", missing, "--at", "fc1").out());
  }

  @Test
  void readsTheWholeTestSetOfMnist() throws IOException {
    Path mnist = Path.of(System.getProperty("convoy.shared"), "data/mnist");
    assumeTrue(Files.isDirectory(mnist), mnist + " is not here");
    List<Path> digits = MnistFiles.write(mnist, folder);
    Outcome outcome = Shell.convoy("predict", "lenet5", folder, "--csv", "--top", 1, "--batch", 64);
    assertEquals(0, outcome.status(), outcome.err());
    long right =
        rows(outcome).stream()
            .filter(row -> Path.of(row[0]).getFileName().toString().substring(0, 1).equals(row[3]))
            .count();
    assertEquals(10_000, digits.size());
    assertEquals(9_936, right);
    assertFalse(outcome.err().getBytes(StandardCharsets.UTF_8).length > 0);
  }
}
