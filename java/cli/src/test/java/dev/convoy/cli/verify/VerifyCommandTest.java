package dev.convoy.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.cli.JsonText;
import dev.convoy.cli.Shell;
import dev.convoy.cli.Shell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {
  private static final Path GOLDENS = Shell.ROOT.resolve("java/verify/src/test/resources/goldens");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fast", "exact"})
  void nativeAgreesWithTheReference(String mode) {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without the native library");
    Outcome outcome = Shell.convoy("verify", "lenet5", "--mode", mode, "--batch", 3);
    assertEquals(0, outcome.status(), outcome.out() + outcome.err());
    assertTrue(outcome.out().contains("conv1"), outcome.out());
    assertTrue(outcome.out().lines().anyMatch(l -> l.startsWith("no node of ")), outcome.out());
  }

  @Test
  void theBatchKeepsItsOldName() {
    Object[] words = {"verify", "lenet5", "--backend", "reference", "--batch", 2};
    Outcome batch = Shell.convoy(words);
    assertEquals(0, batch.status(), batch.err());
    words[4] = "--images";
    assertEquals(batch, Shell.convoy(words));
    assertFalse(Shell.convoy("verify", "--help").out().contains("--images"));
  }

  @Test
  void comparesAsJson() {
    Outcome outcome = Shell.convoy("verify", "lenet5", "--backend", "reference", "--json");
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals(1, JsonText.count(outcome.out(), "first_departure"));
    assertEquals(1, JsonText.count(outcome.out(), "convoy"));
    assertTrue(outcome.out().contains("\"passed\": true"), outcome.out());
    assertEquals(1, JsonText.count(outcome.out(), "verdict"));
    assertTrue(outcome.out().contains("{\"node\": \"conv1\", "), outcome.out());
  }

  @Test
  void replaysGoldenFiles() {
    Path vectors = GOLDENS.resolve("vectors.json");
    Path counts = GOLDENS.resolve("counts.json");
    Outcome outcome = Shell.convoy("verify", "--backend", "reference", "--golden", vectors, counts);
    assertEquals(0, outcome.status(), outcome.out() + outcome.err());
    assertTrue(outcome.out().contains(vectors + ": "), outcome.out());
    assertTrue(outcome.out().contains(", 0 failed, "), outcome.out());
    Outcome json = Shell.convoy("verify", "--backend", "reference", "--json", "--golden", vectors);
    assertEquals(1, JsonText.count(json.out(), "reports"));
  }

  @Test
  void aWrongAnswerFails() throws IOException {
    String right = Files.readString(GOLDENS.resolve("counts.json"));
    Path wrong = folder.resolve("counts.json");
    Files.writeString(wrong, right.replace("61706", "61707"));
    Outcome outcome = Shell.convoy("verify", "--backend", "reference", "--golden", wrong);
    assertEquals(1, outcome.status());
    assertTrue(outcome.out().contains("FAILED      counts/lenet5"), outcome.out());
  }

  @Test
  void namesInGoldenFilesSendNothingToTheTerminal() throws IOException {
    String right = Files.readString(GOLDENS.resolve("counts.json"));
    Path odd = folder.resolve("odd.json");
    Files.writeString(odd, right.replace("\"lenet5\"", "\"le\\u009bnet5\""));
    String out = Shell.convoy("verify", "--backend", "reference", "--golden", odd).out();
    assertTrue(out.contains("counts/le?net5"), out);
    assertFalse(out.contains("\u009b"), out);
  }

  @Test
  void whereNothingIsCheckedNothingIsRight() {
    Path unsupported = GOLDENS.resolve("models/yolov8n.json");
    Outcome outcome = Shell.convoy("verify", "--backend", "reference", "--golden", unsupported);
    assertEquals(1, outcome.status(), outcome.out());
    assertEquals(
        "convoy: nothing was checked: all 3 cases are unsupported, each says why\n", outcome.err());
    Path counts = GOLDENS.resolve("counts.json");
    Outcome both =
        Shell.convoy("verify", "--backend", "reference", "--golden", unsupported, counts);
    assertEquals(0, both.status(), both.err());
  }

  @Test
  void refusesWrongUse() throws IOException {
    Path nothing = Files.writeString(folder.resolve("nothing.json"), "{}");
    assertEquals(2, Shell.convoy("verify").status());
    assertEquals(2, Shell.convoy("verify", "lenet5", "--golden", nothing).status());
    assertEquals(2, Shell.convoy("verify", "lenet5", "--batch", 0).status());
    assertEquals(2, Shell.convoy("verify", "lenet5", "--backend", "gpu").status());
    Outcome damaged = Shell.convoy("verify", "--backend", "reference", "--golden", nothing);
    assertEquals(2, damaged.status());
    assertTrue(damaged.err().contains(nothing.toString()), damaged.err());
  }
}
