package dev.convoy.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a fresh JVM takes to its first answer, with Convoy and with ONNX Runtime: medians. */
record StartRow(String network, int batch, int threads, Start convoy, Start onnxRuntime)
    implements Report.Row {
  /**
   * One JVM, or the medians of several.
   *
   * @param seconds from its start to its first answer
   * @param megabytes the most that it had resident
   */
  record Start(double seconds, double megabytes) {
    static Start median(List<Start> starts) {
      return new Start(
          Statistics.median(starts.stream().mapToDouble(Start::seconds).toArray()),
          Statistics.median(starts.stream().mapToDouble(Start::megabytes).toArray()));
    }
  }

  static final List<String> HEADINGS =
      List.of(
          "network",
          ">batch",
          ">threads",
          ">Convoy first answer s",
          ">ONNX Runtime s",
          ">ratio",
          ">Convoy peak MB",
          ">ONNX Runtime MB",
          ">ratio");

  /** Convoy's over ONNX Runtime's: less is better. */
  private double secondsRatio() {
    return convoy.seconds / onnxRuntime.seconds;
  }

  private double megabytesRatio() {
    return convoy.megabytes / onnxRuntime.megabytes;
  }

  @Override
  public List<String> cells() {
    return List.of(
        network,
        Integer.toString(batch),
        Integer.toString(threads),
        Report.figure(convoy.seconds),
        Report.figure(onnxRuntime.seconds),
        Report.figure(secondsRatio()),
        Report.figure(convoy.megabytes),
        Report.figure(onnxRuntime.megabytes),
        Report.figure(megabytesRatio()));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("network", network);
    json.put("batch", batch);
    json.put("threads", threads);
    json.put("precision", "fp32");
    json.put("convoySeconds", convoy.seconds);
    json.put("onnxruntimeSeconds", onnxRuntime.seconds);
    json.put("ratioSeconds", secondsRatio());
    json.put("convoyMegabytes", convoy.megabytes);
    json.put("onnxruntimeMegabytes", onnxRuntime.megabytes);
    json.put("ratioMegabytes", megabytesRatio());
    return json;
  }
}
