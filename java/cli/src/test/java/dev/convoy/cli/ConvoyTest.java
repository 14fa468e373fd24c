package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.cli.Shell.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands have in common. */
class ConvoyTest {
  @ParameterizedTest
  @ValueSource(strings = {"predict", "summary", "models", "verify", "doctor"})
  void everyCommandExplainsItselfWithExamples(String command) {
    Outcome help = Shell.convoy(command, "--help");
    assertEquals(0, help.status(), help.err());
    assertTrue(help.out().startsWith("Usage: convoy " + command), help.out());
    assertTrue(help.out().contains("Examples:"), help.out());
    assertTrue(help.out().contains("--stacktrace"), help.out());
    assertTrue(help.out().lines().noneMatch(line -> line.length() > 80), help.out());
    assertFalse(help.out().contains("\u001b"), "colours without a terminal");
  }

  @Test
  void helpListsTheCommandsInTheOrderOfUse() {
    String help = Shell.convoy("--help").out();
    int last = 0;
    for (String command : new String[] {"predict", "summary", "models", "verify", "doctor"}) {
      int at = help.indexOf("\n  " + command + " ");
      assertTrue(at > last, command + " is missing or misplaced in\n" + help);
      last = at;
    }
  }

  @Test
  void versionNamesConvoyAndJava() {
    Outcome version = Shell.convoy("--version");
    assertEquals(0, version.status());
    assertTrue(version.out().matches("Convoy \\d[^\n]*\nJava \\d+[^\n]*\n"), version.out());
    assertEquals(version, Shell.convoy("predict", "--version"));
  }

  @Test
  void theProgramsNumbersAreTheSameInEveryLocale() throws IOException, InterruptedException {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                Convoy.class.getName(),
                "plan",
                "lenet5",
                "--backend=reference",
                "--threads=999999")
            .redirectErrorStream(true)
            .start();
    String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, program.waitFor(), text);
    assertTrue(text.contains(", got 999999\n"), text);
  }

  @ParameterizedTest
  @CsvSource({"predict lenet5 x.png,16", "plan lenet5,1", "verify lenet5,1"})
  void aBatchHasTheSameLimitEverywhere(String command, int usual) {
    for (int wrong : new int[] {0, 4097}) {
      Outcome refused = Shell.convoy((Object[]) (command + " --batch " + wrong).split(" ", -1));
      assertEquals(2, refused.status(), refused.out());
      String message = "convoy: --batch must be at least 1 and at most 4096, got " + wrong + "\n";
      assertTrue(refused.err().startsWith(message), refused.err());
    }
    String help = Shell.convoy(command.split(" ", -1)[0], "--help").out();
    assertTrue(help.contains("(default: " + usual + ")"), help);
  }

  @Test
  void noCommandIsWrongUsage() {
    Outcome nothing = Shell.convoy();
    assertEquals(new Outcome(2, "", "convoy: which command?\nTry 'convoy --help'.\n"), nothing);
  }

  @Test
  void misspeltOptionsAndCommandsGetASuggestion() {
    Outcome option = Shell.convoy("models", "--jsn");
    assertEquals(2, option.status());
    assertTrue(option.err().startsWith("convoy: Unknown option: '--jsn'\n"), option.err());
    assertTrue(option.err().contains("--json"), option.err());
    assertTrue(option.err().endsWith("Try 'convoy models --help'.\n"), option.err());
    Outcome command = Shell.convoy("predct");
    assertEquals(2, command.status());
    assertTrue(command.err().contains("predict"), command.err());
  }

  @Test
  void anUnknownCommandNamesThoseThatAre() {
    Outcome bogus = Shell.convoy("bogus");
    assertEquals(2, bogus.status());
    assertTrue(
        bogus.err().startsWith("convoy: there is no command 'bogus'; there are predict, "),
        bogus.err());
    assertTrue(bogus.err().endsWith(", doctor\nTry 'convoy --help'.\n"), bogus.err());
  }

  @Test
  void unknownModelsGetASuggestion() {
    Outcome outcome = Shell.convoy("summary", "resnet51");
    assertEquals(2, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(
        outcome.err().contains("there is no model 'resnet51'; did you mean resnet"), outcome.err());
    Outcome strange = Shell.convoy("summary", "transformer");
    assertEquals(2, strange.status());
    assertFalse(strange.err().contains("did you mean"), strange.err());
    assertTrue(strange.err().contains("'convoy models' lists all of them"), strange.err());
  }

  @Test
  void errorsAreOneLineUnlessAStackTraceIsAskedFor() {
    Outcome plain = Shell.convoy("predict", "lenet5", "x.png", "--backend", "gpu");
    assertEquals(2, plain.status());
    assertEquals(1, plain.err().lines().count(), plain.err());
    assertTrue(plain.err().startsWith("convoy: there is no backend 'gpu'"), plain.err());
    Outcome traced = Shell.convoy("predict", "lenet5", "x.png", "--backend", "gpu", "--stacktrace");
    assertEquals(2, traced.status());
    assertTrue(traced.err().contains("\tat dev.convoy.plan.Backends"), traced.err());
  }
}
