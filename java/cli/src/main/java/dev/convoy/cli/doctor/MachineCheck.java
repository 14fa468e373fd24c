package dev.convoy.cli.doctor;

import dev.convoy.cli.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The operating system, the JDK, and how much of the machine this process may use. */
final class MachineCheck {
  private static final String JAVA = "java";
  private static final String SYSTEM = "system";

  private MachineCheck() {}

  static List<Finding> run(ControlGroup group, int processors, long heapBytes) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.of(SYSTEM, "convoy", Version.convoy()));
    findings.add(
        Finding.of(
            SYSTEM,
            "kernel",
            "%s %s %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"))));
    distribution().forEach(name -> findings.add(Finding.of(SYSTEM, "distribution", name)));
    glibc().forEach(name -> findings.add(Finding.of(SYSTEM, "libc", name)));
    findings.add(processors(group, processors));
    findings.add(memory(group, heapBytes));
    findings.add(
        Finding.of(
            JAVA,
            "version",
            "%s, %s, %s"
                .formatted(
                    Runtime.version(),
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.vendor"))));
    findings.add(Finding.of(JAVA, "home", System.getProperty("java.home")));
    findings.add(Finding.of(JAVA, "largest heap", gigabytes(heapBytes)));
    return findings;
  }

  private static Finding processors(ControlGroup group, int processors) {
    String value =
        Double.isInfinite(group.cpus())
            ? processors + " for Java, no limit by a control group"
            : String.format(
                Locale.ROOT,
                "%d for Java, %.2f by the control group (version %d)",
                processors,
                group.cpus(),
                group.version());
    if (processors <= Math.max(1, Math.ceil(group.cpus()))) {
      return Finding.of(SYSTEM, "processors", value);
    }
    return Finding.wrong(
        SYSTEM,
        "processors",
        value,
        String.format(
            Locale.ROOT,
            "Java starts %d computing threads, but the control group grants %.2f processors: threads will be stopped in"
                + " the middle of their work. Set JAVA_OPTS=-XX:ActiveProcessorCount=%d",
            processors,
            group.cpus(),
            (int) Math.max(1, Math.ceil(group.cpus()))));
  }

  private static Finding memory(ControlGroup group, long heapBytes) {
    if (group.memoryBytes() == Long.MAX_VALUE) {
      return Finding.of(SYSTEM, "memory limit", "none by a control group");
    }
    String value =
        gigabytes(group.memoryBytes()) + " by the control group (version " + group.version() + ")";
    return heapBytes < group.memoryBytes()
        ? Finding.of(SYSTEM, "memory limit", value)
        : Finding.wrong(
            SYSTEM,
            "memory limit",
            value,
            "Java's heap may grow to %s, more than the control group's %s: the kernel would kill the process. Set"
                    .formatted(gigabytes(heapBytes), gigabytes(group.memoryBytes()))
                + " JAVA_OPTS=-Xmx… to half of the limit");
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }

  private static Stream<String> distribution() {
    try {
      return Files.readAllLines(Path.of("/etc/os-release")).stream()
          .filter(line -> line.startsWith("PRETTY_NAME="))
          .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""));
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static Stream<String> glibc() {
    try {
      Process process =
          new ProcessBuilder("getconf", "GNU_LIBC_VERSION")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Stream.empty();
      }
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.exitValue() == 0 ? Stream.of(text) : Stream.empty();
    } catch (IOException e) {
      return Stream.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Stream.empty();
    }
  }
}
