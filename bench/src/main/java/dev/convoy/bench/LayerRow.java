package dev.convoy.bench;

import dev.convoy.backend.Choice;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one step of a network takes inside the network.
 *
 * @param operation with the shape of its result
 * @param millis median time for the batch
 * @param share of the time of all steps
 * @param gflops 2 × multiply-accumulates over time, as direct convolution counts them; NaN for
 *     other operations. Algorithms that multiply less can exceed the peak
 * @param peakShare of the measured peak of the threads used; NaN if there is none
 * @param gbPerSecond activations read and written, and weights read, over time
 */
record LayerRow(
    String layer,
    String operation,
    String algorithm,
    double millis,
    double share,
    double gflops,
    double peakShare,
    double gbPerSecond)
    implements Report.Row {
  static final List<String> HEADINGS =
      List.of("layer", "operation", "algorithm", ">ms", ">share", ">GFLOP/s", ">of peak", ">GB/s");

  /**
   * Measures every step.
   *
   * @param seconds about how long
   * @param peak GFLOP/s of the threads that the plan uses, NaN if not known
   */
  static List<LayerRow> measure(ConvoyRunner runner, int batch, double seconds, double peak) {
    List<Choice> choices = runner.plan().choices();
    double[] medians = medianNanos(runner, choices.size(), seconds);
    double total = 0;
    for (double nanos : medians) {
      total += nanos;
    }
    Map<String, Long> weightBytes = weightBytes(runner.plan().graph());
    List<LayerRow> rows = new ArrayList<>();
    for (int step = 0; step < choices.size(); step++) {
      Choice choice = choices.get(step);
      double nanos = medians[step];
      double gflops = choice.macs() == 0 ? Double.NaN : 2.0 * choice.macs() * batch / nanos;
      long weights = weightBytes.getOrDefault(choice.node(), 0L);
      double bytes = (double) (choice.bytes() - weights) * batch + weights;
      rows.add(
          new LayerRow(
              choice.node(),
              choice.operation(),
              choice.algorithm(),
              nanos * 1e-6,
              nanos / total,
              gflops,
              gflops / peak,
              bytes / nanos));
    }
    return rows;
  }

  private static double[] medianNanos(ConvoyRunner runner, int steps, double seconds) {
    runner.profile();
    List<long[]> profiles = new ArrayList<>();
    long start = System.nanoTime();
    do {
      profiles.add(runner.profile());
    } while (profiles.size() < 3 || System.nanoTime() - start < seconds * 1e9);
    double[] medians = new double[steps];
    for (int step = 0; step < steps; step++) {
      int s = step;
      medians[step] = Statistics.median(profiles.stream().mapToDouble(p -> p[s]).toArray());
    }
    return medians;
  }

  private static Map<String, Long> weightBytes(Graph graph) {
    Map<String, Long> bytes = new HashMap<>();
    for (Node node : graph.nodes()) {
      long floats = node.parameters().stream().mapToLong(p -> p.shape().size()).sum();
      bytes.put(node.name(), floats * Float.BYTES);
    }
    return bytes;
  }

  @Override
  public List<String> cells() {
    return List.of(
        layer,
        operation,
        algorithm,
        Report.figure(millis),
        Report.percent(share),
        Report.figure(gflops),
        Report.percent(peakShare),
        Report.figure(gbPerSecond));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layer", layer);
    json.put("operation", operation);
    json.put("algorithm", algorithm);
    json.put("millis", millis);
    json.put("share", share);
    json.put("gflops", gflops);
    json.put("peakShare", peakShare);
    json.put("gbPerSecond", gbPerSecond);
    return json;
  }
}
