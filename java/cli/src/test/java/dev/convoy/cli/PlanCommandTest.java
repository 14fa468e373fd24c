package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.cli.Shell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void assumeNative() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without the native library");
  }

  @Test
  void everyLayerHasAnAlgorithmATimeAndRefusals() {
    Outcome outcome = Shell.convoy("plan", "lenet5", "--refusals", "--batch", "2");
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().startsWith("native, batch 2, peak "), outcome.out());
    assertTrue(outcome.out().contains("\nconv1 "), outcome.out());
    assertTrue(outcome.out().contains("\n    not depthwise: "), outcome.out());
    assertTrue(outcome.out().contains("\nall "), outcome.out());
    assertTrue(
        outcome.out().matches("(?s).*\nmemory: 0\\.[2-9]\\d MB of packed weights.*"),
        outcome.out());
  }

  @Test
  void aSavedPlanIsTakenAgainAndADamagedOneRefused() throws IOException {
    Path file = folder.resolve("lenet5.plan");
    Outcome saved = Shell.convoy("plan", "lenet5", "--backend", "native", "--save-plan", file);
    assertEquals(0, saved.status(), saved.err());
    Outcome taken = Shell.convoy("plan", "lenet5", "--backend", "native", "--plan", file);
    assertEquals(0, taken.status(), taken.err());

    Files.writeString(file, Files.readString(file).replace("isa: ", "isa: strange "));
    Outcome refused = Shell.convoy("plan", "lenet5", "--backend", "native", "--plan", file);
    assertEquals(2, refused.status(), refused.err());
    assertTrue(refused.err().contains("isa: made with strange "), refused.err());
  }

  @Test
  void aSavedPlanBringsItsBackend() {
    Path file = folder.resolve("mine.plan");
    for (String backend : new String[] {"auto", "native"}) {
      Outcome saved = Shell.convoy("plan", "lenet5", "--backend", backend, "--save-plan", file);
      assertEquals(0, saved.status(), saved.err());
      Outcome taken = Shell.convoy("plan", "lenet5", "--plan", file);
      assertEquals(0, taken.status(), taken.err());
      assertTrue(taken.out().startsWith(backend + ", "), taken.out());
    }
    Outcome other = Shell.convoy("plan", "lenet5", "--plan", file, "--backend", "auto");
    assertEquals(2, other.status());
    assertTrue(other.err().contains("backend: made with native, here is auto"), other.err());
  }

  @Test
  void aSavedPlanServesAnyNumberOfImagesInItsBatchAndMode() {
    Path file = folder.resolve("mine.plan");
    Object[][] makers = {
      {"plan", "lenet5", "--save-plan", file},
      {"plan", "lenet5", "--save-plan", file, "--batch", 16, "--mode", "exact"},
      {"predict", "lenet5", Shell.DIGITS.resolve("7_0000.png"), "--save-plan", file},
    };
    for (Object[] maker : makers) {
      Outcome saved = Shell.convoy(maker);
      assertEquals(0, saved.status(), saved.err());
      for (Path images : List.of(Shell.DIGITS, Shell.DIGITS.resolve("7_0000.png"))) {
        Outcome taken = Shell.convoy("predict", "lenet5", images, "--plan", file);
        assertEquals(0, taken.status(), taken.err());
      }
    }
  }

  @Test
  void aPlanOfAnotherBatchOrModeNamesTheOptions() {
    Path file = folder.resolve("mine.plan");
    assertEquals(0, Shell.convoy("plan", "lenet5", "--save-plan", file).status());
    Outcome refused =
        Shell.convoy(
            "predict", "lenet5", Shell.DIGITS, "--plan", file, "--batch", 3, "--mode", "exact");
    assertEquals(2, refused.status(), refused.out());
    assertTrue(
        refused.err().contains("batch: made with 1, here is 3 (--batch 1)\n"), refused.err());
    assertTrue(
        refused.err().contains("mode: made with FAST, here is EXACT (--mode fast)\n"),
        refused.err());
  }

  @Test
  void aPlanTakesThePlaceOfPlansOnly() throws IOException {
    Path plan = folder.resolve("lenet5.plan");
    Path weights = Files.writeString(folder.resolve("weights.safetensors"), "trained for weeks");
    for (int i = 0; i < 2; i++) {
      assertEquals(0, Shell.convoy("plan", "lenet5", "--save-plan", plan).status());
    }
    Outcome refused = Shell.convoy("plan", "lenet5", "--save-plan", weights);
    assertEquals(2, refused.status(), refused.out());
    assertTrue(
        refused.err().contains(weights + " is there already and is no saved plan"), refused.err());
    assertEquals("trained for weeks", Files.readString(weights));
    Outcome same = Shell.convoy("plan", "lenet5", "--plan", plan, "--save-plan", plan);
    assertEquals(2, same.status(), same.out());
    Path seven = Files.copy(Shell.DIGITS.resolve("7_0000.png"), folder.resolve("7.png"));
    Outcome image = Shell.convoy("predict", "lenet5", seven, "--save-plan", seven, "--force");
    assertEquals(2, image.status(), image.out());
  }

  @Test
  void missingFoldersAreNotMade() {
    Outcome outcome = Shell.convoy("plan", "lenet5", "--save-plan", folder.resolve("no/such/plan"));
    assertEquals(2, outcome.status(), outcome.out());
    assertTrue(outcome.err().contains("there is no such folder; check the path"), outcome.err());
    assertFalse(Files.exists(folder.resolve("no")));
  }

  @Test
  void theReferenceHasNoPeak() {
    Outcome outcome = Shell.convoy("plan", "lenet5", "--backend", "reference");
    assertTrue(outcome.out().startsWith("reference, batch 1\n"), outcome.out());
    assertFalse(outcome.out().contains("NaN"), outcome.out());
  }

  @Test
  void anAccelerationThatIsNotThereNamesItsDependency() {
    Outcome outcome = Shell.convoy("plan", "lenet5", "--backend", "onednn");
    assertEquals(2, outcome.status());
    assertTrue(
        outcome
            .err()
            .contains("add dev.convoy:convoy-onednn, and the same with classifier linux-x86_64"),
        outcome.err());
  }

  @Test
  void theReferenceHasNothingToTune() {
    Outcome outcome = Shell.convoy("plan", "lenet5", "--backend", "reference", "--tune");
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("not 'reference'"), outcome.err());
  }
}
