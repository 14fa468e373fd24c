package dev.convoy.cli.doctor;

import dev.convoy.ConvoyException;
import dev.convoy.cpu.Accelerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The accelerators on the class path: do they load, what are they, what do they cost. */
final class AcceleratorCheck {
  private static final String SECTION = "accelerators";

  private AcceleratorCheck() {}

  static List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    for (Accelerator accelerator : Accelerator.present()) {
      try {
        Accelerator.Loaded loaded = accelerator.load();
        findings.add(
            Finding.of(
                SECTION,
                accelerator.name(),
                String.format(
                    Locale.ROOT,
                    "%s; loaded in %d ms, %.1f MB",
                    loaded.description(),
                    loaded.nanos() / 1_000_000,
                    loaded.bytes() / 1e6),
                json -> {
                  json.writeStringProperty("version", loaded.description());
                  json.writeNumberProperty("load_milliseconds", loaded.nanos() / 1_000_000);
                  json.writeNumberProperty("megabytes", Math.round(loaded.bytes() / 1e5) / 10.0);
                }));
      } catch (ConvoyException e) {
        findings.add(
            Finding.wrong(
                SECTION, accelerator.name(), "does not load", String.valueOf(e.getMessage())));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.of(
              SECTION, "none", "convoy-onednn and convoy-openblas are not on the class path"));
    }
    return findings;
  }
}
