package dev.convoy.bench;

import dev.convoy.ConvoyException;
import dev.convoy.bench.onednn.OneDnnException;
import dev.convoy.bench.onnx.OnnxExportException;
import dev.convoy.bench.onnx.OnnxExporter;
import dev.convoy.cpu.Isa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whom Convoy is compared with. */
enum Peer {
  ONNXRUNTIME("ONNX Runtime", "1.29.0"),
  ONEDNN("oneDNN", "3.11");

  private final String title;
  private final String version;

  Peer(String title, String version) {
    this.title = title;
    this.version = version;
  }

  String title() {
    return title;
  }

  /** {@code oneDNN 3.11}. */
  String titleAndVersion() {
    return title + " " + version;
  }

  /** As options and JSON have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Makes it ready to compute a case.
   *
   * @param folder for a file that the peer wants
   * @throws ConvoyException if it cannot; {@link #isRefusal} tells whether that is no defect
   */
  Runner open(WorkOptions.Case one, Isa isa, Path folder) {
    Workload workload = one.workload();
    return switch (this) {
      case ONNXRUNTIME -> {
        Path file = folder.resolve("network.onnx");
        if (!Files.exists(file)) {
          OnnxExporter.write(workload.graph(), workload.parameters(), file);
        }
        yield new OnnxRuntimeRunner(workload, file, one.batch(), one.threads());
      }
      case ONEDNN -> new OneDnnRunner(workload, isa, one.batch(), one.threads());
    };
  }

  /** Whether a peer said that it has no such operation. */
  static boolean isRefusal(ConvoyException e) {
    return e instanceof OneDnnException || e instanceof OnnxExportException;
  }
}
