package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.cli.Shell.Outcome;
import dev.convoy.models.Models;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.SafetensorsWriter;
import dev.convoy.weights.WeightFile;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convoy convert} and {@code convoy inspect}. */
class WeightFileCommandsTest {
  @TempDir Path folder;
  private Path digits = Path.of("");

  @BeforeEach
  void save() {
    digits = folder.resolve("digits.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Weights trained = Models.digitWeights();
    trained.names().forEach(key -> tensors.put("module." + key, trained.tensor(key)));
    tensors.put("module.num_batches_tracked", new Tensor(Shape.of(1), new float[] {1_000_000}));
    SafetensorsWriter.float32()
        .withMetadata(Map.of("note", "ten\u001b[digits\u009b2J"))
        .write(Weights.of(tensors), digits);
  }

  private static void assertRefused(Outcome outcome, String text) {
    assertEquals(2, outcome.status(), outcome.err());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains(text), outcome.err());
  }

  @Test
  void convertsToEitherPrecision() {
    Path whole = folder.resolve("whole.safetensors");
    Outcome outcome = Shell.convoy("convert", digits, whole);
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().startsWith(whole + ": 10 tensors, "), outcome.out());
    assertArrayEquals(
        Models.digitWeights().tensor("conv1.weight").values(),
        Weights.load(whole).tensor("conv1.weight").values());

    Path half = folder.resolve("half.safetensors");
    assertEquals(0, Shell.convoy("convert", digits, half, "--float16").status());
    WeightFile file = WeightFile.inspect(half);
    assertEquals(10, file.tensors().size(), "without the counter, which is beyond float16");
    assertTrue(file.tensors().stream().allMatch(tensor -> tensor.dtype().equals("float16")));
    assertEquals(Map.of("format", "pt"), file.metadata());
    Outcome predicted =
        Shell.convoy(
            "predict",
            "lenet5",
            Shell.DIGITS.resolve("7_0000.png"),
            "--weights",
            half,
            "--csv",
            "--top",
            1);
    assertTrue(predicted.out().contains(",1,7,7,0.99"), predicted.out() + predicted.err());
  }

  @Test
  void sizesAreWrittenAlikeInEveryLocale() {
    Path out = folder.resolve("out.safetensors");
    Outcome here = Shell.convoy("convert", digits, out);
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
    try {
      assertEquals(here, Shell.convoy("convert", digits, out, "--force"));
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @Test
  void nothingIsReplacedUnasked() throws IOException {
    Path there = Files.writeString(folder.resolve("there.safetensors"), "mine");
    assertRefused(Shell.convoy("convert", digits, there), there + " is there already");
    assertEquals("mine", Files.readString(there));
    assertEquals(0, Shell.convoy("convert", digits, there, "--force").status());
    long before = Files.size(there);
    Outcome itself = Shell.convoy("convert", there, there, "--force", "--float16");
    String was = String.format(Locale.ROOT, "was %,d bytes)\n", before);
    assertTrue(itself.out().endsWith(was), itself.out());
    assertRefused(Shell.convoy("convert", digits, folder.resolve("x.pth")), ".safetensors");
    assertRefused(
        Shell.convoy("convert", folder.resolve("no.pth"), folder.resolve("x.safetensors")),
        "there is no such file");
    assertRefused(Shell.convoy("convert", digits), "OUT");
  }

  @Test
  void inspectsAFile() {
    Outcome outcome = Shell.convoy("inspect", digits);
    assertEquals(0, outcome.status(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(0).startsWith(digits + ": safetensors, "), lines.get(0));
    assertEquals("Every key begins with: module.", lines.get(1));
    assertEquals("Looks like: lenet5", lines.get(2));
    assertEquals("Metadata: note = ten?[digits?2J", lines.get(3));
    assertTrue(
        lines.stream()
            .anyMatch(l -> l.matches("module\\.conv1\\.weight +float32 +6x1x5x5 +150 +600")),
        outcome.out());
    assertEquals(
        "11 tensors, 61,707 elements, 246,828 bytes: 11 of float32", lines.get(lines.size() - 1));
  }

  @Test
  void inspectsAsJson() {
    Outcome outcome = Shell.convoy("inspect", digits, "--json");
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals(11, JsonText.count(outcome.out(), "dtype"));
    assertTrue(outcome.out().contains("\"looks_like\": [\n    \"lenet5\"\n  ]"), outcome.out());
    assertTrue(outcome.out().contains("\"elements\": 61707"), outcome.out());
    assertTrue(outcome.out().contains("\"shape\": [6, 1, 5, 5]"), outcome.out());
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Path damaged = Files.writeString(folder.resolve("damaged.pth"), "no weights");
    assertRefused(Shell.convoy("inspect", damaged), damaged.toString());
    byte[] cut = Files.readAllBytes(digits);
    cut[8] = '{';
    cut[9] = '[';
    Files.write(damaged, cut);
    Outcome unsound = Shell.convoy("inspect", damaged);
    assertRefused(unsound, "the header is not sound JSON");
    byte[] open = {2, 0, 0, 0, 0, 0, 0, 0, '{', ' '};
    Outcome cutOff = Shell.convoy("inspect", Files.write(damaged, open));
    assertRefused(cutOff, "expected close marker for Object");
    assertFalse((unsound.err() + cutOff.err()).contains("Source"), unsound.err() + cutOff.err());
    assertRefused(Shell.convoy("inspect"), "FILE");
  }
}
