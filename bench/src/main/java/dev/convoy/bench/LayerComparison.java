package dev.convoy.bench;

import dev.convoy.ConvoyException;
import dev.convoy.backend.CompileOptions;
import dev.convoy.bench.onnx.OnnxExporter;
import dev.convoy.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures Convoy and its peers on single convolutions with bias and ReLU, or blocks of them, in
 * turns.
 *
 * <p>A loop over one hot tensor flatters. Runs go round several sets of weights and results, which
 * together are larger than a level-2 cache; inputs are as warm as in a network, where the layer
 * before has just written them.
 */
record LayerComparison(CpuBackend backend, List<Peer> peers, double seconds) {
  private static final long ROTATION_BYTES = 16L << 20;
  private static final int MOST_SETS = 8;
  private static final int LEAST_ROUNDS = 5;

  /** As in {@link Measurement}. */
  private static final long PAUSE_NANOS = 2_000_000;

  /** Somebody's runners, one a set. */
  private record Side(List<LayerRunner> sets) {
    /** The measurement out of the seconds of the rounds. */
    Measurement measurement(int rounds, int batch) {
      double[][] seconds = sets.stream().map(LayerRunner::seconds).toArray(double[][]::new);
      double[] rates = new double[rounds];
      double[] latencies = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        // the first run of every set was to warm up
        latencies[round] = seconds[round % sets.size()][1 + round / sets.size()];
        rates[round] = batch / latencies[round];
      }
      return new Measurement(rates, latencies);
    }
  }

  /**
   * Measures the nodes of a network whose names begin with {@link LayerRunner#LAYER}.
   *
   * @throws BenchException if outputs differ by more than noise
   */
  ComparisonRow of(Workload workload, CompileOptions options) {
    int batch = options.maxBatch();
    int sets = sets(workload, batch);
    List<LayerRunner> opened = new ArrayList<>();
    try (TemporaryFolder folder = new TemporaryFolder()) {
      try {
        return compare(workload, options, sets, folder.path(), opened);
      } finally {
        opened.forEach(LayerRunner::close);
      }
    }
  }

  private static int sets(Workload workload, int batch) {
    long floats = 0;
    for (float[][] values : List.of(workload.inputs(batch), workload.outputs(batch))) {
      floats += values[0].length;
    }
    floats +=
        workload.graph().storedParameters().values().stream()
            .mapToLong(parameter -> parameter.shape().size())
            .sum();
    long bytes = floats * Float.BYTES;
    return (int) Math.min(MOST_SETS, (ROTATION_BYTES + bytes - 1) / bytes);
  }

  private ComparisonRow compare(
      Workload workload, CompileOptions options, int sets, Path folder, List<LayerRunner> opened) {
    Map<Peer, PeerResult> results = new EnumMap<>(Peer.class);
    List<Side> sides = new ArrayList<>();
    List<Peer> ready = new ArrayList<>();
    sides.add(open(sets, opened, set -> new ConvoyLayer(workload, backend, options)));
    for (Peer peer : peers) {
      try {
        sides.add(open(sets, opened, set -> open(peer, workload, options, folder, set)));
        ready.add(peer);
      } catch (ConvoyException e) {
        if (!Peer.isRefusal(e)) {
          throw e;
        }
        results.put(peer, PeerResult.refused(String.valueOf(e.getMessage())));
      }
    }
    sides.forEach(side -> side.sets().forEach(LayerRunner::run));
    float[][] ours = sides.get(0).sets().get(0).outputs();
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < ready.size(); i++) {
      Difference difference = Difference.between(ours, sides.get(1 + i).sets().get(0).outputs());
      Comparison.check(workload.name(), ready.get(i), difference);
      differences.add(difference);
    }
    int rounds = takeTurns(sides, sets, options.threads() > 1);
    List<Measurement> speeds =
        sides.stream().map(side -> side.measurement(rounds, options.maxBatch())).toList();
    for (int i = 0; i < ready.size(); i++) {
      results.put(ready.get(i), PeerResult.of(speeds.get(1 + i), differences.get(i)));
    }
    return new ComparisonRow(
        "layer", workload.name(), options.maxBatch(), options.threads(), speeds.get(0), results);
  }

  /** Makes one runner of a set. */
  private interface Opener {
    LayerRunner open(int set);
  }

  private static Side open(int sets, List<LayerRunner> opened, Opener opener) {
    List<LayerRunner> runners = new ArrayList<>();
    for (int set = 0; set < sets; set++) {
      LayerRunner runner = opener.open(set);
      runners.add(runner);
      opened.add(runner);
    }
    return new Side(runners);
  }

  private LayerRunner open(
      Peer peer, Workload workload, CompileOptions options, Path folder, int set) {
    return switch (peer) {
      case ONNXRUNTIME -> {
        Path file = folder.resolve("layer.onnx");
        OnnxExporter.write(workload.graph(), workload.parameters(), file);
        yield new OnnxRuntimeLayer(
            workload, file, options.maxBatch(), options.threads(), folder.resolve("profile" + set));
      }
      case ONEDNN ->
          new OneDnnLayer(workload, backend.isa(), options.maxBatch(), options.threads());
    };
  }

  /** Returns the number of rounds: a run of every side each, in an order that alternates. */
  private int takeTurns(List<Side> sides, int sets, boolean pause) {
    long start = System.nanoTime();
    int round = 0;
    while (round < LEAST_ROUNDS || (System.nanoTime() - start) * 1e-9 < seconds) {
      for (int i = 0; i < sides.size(); i++) {
        int side = round % 2 == 0 ? i : sides.size() - 1 - i;
        if (pause) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        sides.get(side).sets().get(round % sets).run();
      }
      round++;
    }
    return round;
  }
}
