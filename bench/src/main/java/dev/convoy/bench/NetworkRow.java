package dev.convoy.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The speed of one network.
 *
 * @param layers one row a step, or none if they were not asked for
 */
record NetworkRow(
    String network,
    int batch,
    int threads,
    String backend,
    String mode,
    Measurement speed,
    List<LayerRow> layers)
    implements Report.Row {
  static final List<String> HEADINGS =
      List.of(
          "network",
          ">batch",
          ">threads",
          "backend",
          "mode",
          ">images/s",
          ">p50 ms",
          ">p90 ms",
          ">p99 ms",
          ">runs",
          ">rounds");

  @Override
  public List<String> cells() {
    return List.of(
        network,
        Integer.toString(batch),
        Integer.toString(threads),
        backend,
        mode,
        Report.figure(speed.median()),
        Report.figure(speed.latencyMillis(50)),
        Report.figure(speed.latencyMillis(90)),
        Report.figure(speed.latencyMillis(99)),
        Integer.toString(speed.latencies().length),
        Integer.toString(speed.rounds()));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("network", network);
    json.put("batch", batch);
    json.put("threads", threads);
    json.put("precision", "fp32");
    json.put("backend", backend);
    json.put("mode", mode);
    json.put("imagesPerSecond", speed.median());
    json.put("p50Millis", speed.latencyMillis(50));
    json.put("p90Millis", speed.latencyMillis(90));
    json.put("p99Millis", speed.latencyMillis(99));
    json.put("runs", speed.latencies().length);
    json.put("rounds", speed.rounds());
    if (!layers.isEmpty()) {
      json.put("layers", layers.stream().map(LayerRow::json).toList());
    }
    return json;
  }
}
