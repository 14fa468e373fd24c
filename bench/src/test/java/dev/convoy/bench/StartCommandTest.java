package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.cli.Convoy;
import dev.convoy.cli.ExitStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@Tag("slow") // starts four JVMs
final class StartCommandTest {
  @Test
  void measuresFreshProcesses() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without native kernels");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Convoy.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertEquals(
        ExitStatus.OK,
        line.execute("bench", "start", "lenet5", "--batch", "2", "--starts", "1"),
        err.toString());
    assertTrue(
        out.toString().lines().anyMatch(row -> row.matches("lenet5( +[0-9.]+){8}")),
        out.toString());
  }
}
