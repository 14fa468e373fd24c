package dev.convoy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Where and of what figures were measured.
 *
 * @param cpu the processor's own name
 * @param isa the instruction set of Convoy's kernels, {@code -} without the native backend
 * @param processors that the JVM may use
 * @param commit of the checkout around the current folder, {@code -modified} if it differs from it,
 *     {@code unknown} outside of one
 */
record Machine(String cpu, String isa, int processors, String java, String commit, String date) {
  /** This machine, and the checkout around the current folder. */
  static Machine here(String isa) {
    return new Machine(
        cpuName(),
        isa,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        checkedOut(),
        LocalDate.now(ZoneOffset.UTC).toString());
  }

  /** The processor as the name of a folder: {@code amd-epyc-9355p-32-core-processor}. */
  String slug() {
    String plain = cpu.toLowerCase(Locale.ROOT).replaceAll("\\((r|tm|c)\\)", "");
    return plain.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** What stands above every table. */
  String header() {
    return """
        %s, %d processors, %s kernels, %s
        commit %s, %s; clocks float: compare figures within one run only
        """
        .formatted(cpu, processors, isa, java, commit, date);
  }

  private static String cpuName() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // No such file on this system: its architecture must do.
    }
    return System.getProperty("os.arch");
  }

  private static String checkedOut() {
    String head = git("rev-parse", "--short=12", "HEAD");
    if (head.isEmpty()) {
      return "unknown";
    }
    boolean modified = !git("status", "--porcelain", "--untracked-files=no").isEmpty();
    return head + (modified ? "-modified" : "");
  }

  /** What git prints, or nothing if there is no git or no checkout. */
  private static String git(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean done = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
      return done ? text.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
