package dev.convoy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Several sides that compute the same layer, or block of layers, in turns.
 *
 * <p>A loop over one hot tensor flatters. Runs go round several sets of weights and results, which
 * together are larger than a level-2 cache; inputs are as warm as in a network, where the layer
 * before has just written them.
 */
final class LayerTurns implements AutoCloseable {
  private static final long ROTATION_BYTES = 16L << 20;
  private static final int MOST_SETS = 8;
  private static final int LEAST_ROUNDS = 5;

  /** As in {@link Measurement}. */
  private static final long PAUSE_NANOS = 2_000_000;

  private final int batch;
  private final int sets;
  private final List<List<LayerRunner>> sides = new ArrayList<>();
  private final List<LayerRunner> opened = new ArrayList<>();

  LayerTurns(Workload workload, int batch) {
    this.batch = batch;
    this.sets = sets(workload, batch);
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

  /**
   * One more side; none if the opener throws.
   *
   * @param opener makes the runner of a set
   */
  void add(IntFunction<? extends LayerRunner> opener) {
    List<LayerRunner> runners = new ArrayList<>();
    for (int set = 0; set < sets; set++) {
      LayerRunner runner = opener.apply(set);
      runners.add(runner);
      opened.add(runner);
    }
    sides.add(runners);
  }

  /** Runs everything once. Returns what each side computed. */
  List<float[][]> warmUp() {
    sides.forEach(side -> side.forEach(LayerRunner::run));
    return sides.stream().map(side -> side.get(0).outputs()).toList();
  }

  /**
   * Measures the sides in an order that alternates, after {@link #warmUp}.
   *
   * @param pause lets threads of a side that spin after its last run go to sleep
   */
  List<Measurement> measure(double seconds, boolean pause) {
    long start = System.nanoTime();
    int rounds = 0;
    while (rounds < LEAST_ROUNDS || (System.nanoTime() - start) * 1e-9 < seconds) {
      for (int i = 0; i < sides.size(); i++) {
        int side = rounds % 2 == 0 ? i : sides.size() - 1 - i;
        if (pause) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        sides.get(side).get(rounds % sets).run();
      }
      rounds++;
    }
    int made = rounds;
    return sides.stream().map(side -> measurement(side, made)).toList();
  }

  private Measurement measurement(List<LayerRunner> side, int rounds) {
    double[][] seconds = side.stream().map(LayerRunner::seconds).toArray(double[][]::new);
    double[] rates = new double[rounds];
    double[] latencies = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      // the first run of every set was to warm up
      latencies[round] = seconds[round % sets][1 + round / sets];
      rates[round] = batch / latencies[round];
    }
    return new Measurement(rates, latencies);
  }

  @Override
  public void close() {
    opened.forEach(LayerRunner::close);
  }
}
