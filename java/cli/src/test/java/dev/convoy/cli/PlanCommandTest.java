package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.cli.Shell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        outcome.err().contains("add the dependency dev.convoy:convoy-onednn"), outcome.err());
  }

  @Test
  void theReferenceHasNothingToTune() {
    Outcome outcome = Shell.convoy("plan", "lenet5", "--backend", "reference", "--tune");
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("not 'reference'"), outcome.err());
  }
}
