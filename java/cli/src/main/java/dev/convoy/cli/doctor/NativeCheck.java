package dev.convoy.cli.doctor;

import dev.convoy.ConvoyException;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Isa;
import dev.convoy.cpu.NativeLibrary;
import java.util.ArrayList;
import java.util.List;

/** The native library: which file, which attempts it took, which instruction sets it finds. */
final class NativeCheck {
  private static final String SECTION = "native library";

  private NativeCheck() {}

  static List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    boolean loaded = true;
    try {
      findings.add(Finding.of(SECTION, "file", NativeLibrary.file().toString()));
    } catch (ConvoyException | LinkageError e) {
      loaded = false;
      findings.add(Finding.wrong(SECTION, "file", "none", String.valueOf(e.getMessage())));
    }
    int count = 0;
    for (NativeLibrary.Attempt attempt : NativeLibrary.attempts()) {
      String outcome = attempt.failure().map(why -> "failed: " + why).orElse("loaded");
      findings.add(Finding.of(SECTION, "attempt " + ++count, attempt.place() + ": " + outcome));
    }
    if (loaded) {
      findings.add(Finding.of(SECTION, "processor", CpuBackend.processor()));
      findings.add(
          Finding.of(
              SECTION, "instruction sets", Isa.available().toString().replaceAll("[\\[\\]]", "")));
      findings.add(chosen());
    }
    return findings;
  }

  private static Finding chosen() {
    String cap = System.getenv("CONVOY_MAX_ISA");
    String value = cap == null ? "CONVOY_MAX_ISA is not set" : "CONVOY_MAX_ISA=" + cap;
    try {
      return Finding.of(SECTION, "in use", Isa.best() + " (" + value + ")");
    } catch (ConvoyException e) {
      return Finding.wrong(
          SECTION, "in use", "none (" + value + ")", String.valueOf(e.getMessage()));
    }
  }
}
