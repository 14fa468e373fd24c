package dev.convoy.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Convoy and ONNX Runtime on one network, measured in turns.
 *
 * @param difference between their outputs
 */
record ComparisonRow(
    String network,
    int batch,
    int threads,
    Measurement convoy,
    Measurement onnxRuntime,
    Difference difference)
    implements Report.Row {
  static final List<String> HEADINGS =
      List.of(
          "network",
          ">batch",
          ">threads",
          ">Convoy images/s",
          ">ONNX Runtime images/s",
          ">ratio",
          ">lowest ratio",
          ">rounds",
          ">max difference",
          ">of largest output");

  /** The median over rounds of how many times faster Convoy was. */
  double ratio() {
    return Statistics.median(convoy.ratios(onnxRuntime));
  }

  double minRatio() {
    return Statistics.min(convoy.ratios(onnxRuntime));
  }

  @Override
  public List<String> cells() {
    return List.of(
        network,
        Integer.toString(batch),
        Integer.toString(threads),
        Report.figure(convoy.median()),
        Report.figure(onnxRuntime.median()),
        Report.figure(ratio()),
        Report.figure(minRatio()),
        Integer.toString(convoy.rounds()),
        String.format(Locale.ROOT, "%.1e", difference.maxAbs()),
        String.format(Locale.ROOT, "%.1e", difference.relative()));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("network", network);
    json.put("batch", batch);
    json.put("threads", threads);
    json.put("precision", "fp32");
    json.put("convoy", convoy.median());
    json.put("onnxruntime", onnxRuntime.median());
    json.put("ratioOnnxRuntime", ratio());
    json.put("minRatioOnnxRuntime", minRatio());
    json.put("rounds", convoy.rounds());
    json.put("maxAbsDiff", difference.maxAbs());
    json.put("maxRelDiff", difference.relative());
    return json;
  }
}
