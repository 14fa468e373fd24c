package dev.convoy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The speed of one runner: images per second of every round, and the seconds of every timed run.
 *
 * <p>Runners take turns: a round is one turn each, in an order that alternates, so that a change of
 * clock or a busy neighbour meets all of them alike. Only medians over rounds and ratios within a
 * round are worth printing.
 */
@SuppressWarnings("ArrayRecordComponent") // figures to be reduced by the methods below
record Measurement(double[] imagesPerSecond, double[] latencies) {
  /** The least time of a turn, so that reading the clock costs nothing. */
  private static final double TURN_SECONDS = 0.04;

  /** Runs longer than this need no untimed run to warm the caches before them. */
  private static final double LONG_RUN_SECONDS = 0.1;

  private static final int MIN_ROUNDS = 3;

  /** Threads of a runner that spin after its last run have gone to sleep after this. */
  private static final long PAUSE_NANOS = 50_000_000;

  /** The median over rounds. */
  double median() {
    return Statistics.median(imagesPerSecond);
  }

  /** Milliseconds of a run. */
  double latencyMillis(double percent) {
    return Statistics.percentile(percent, latencies) * 1e3;
  }

  int rounds() {
    return imagesPerSecond.length;
  }

  /** How many times faster than another of the same rounds, in each round. */
  double[] ratios(Measurement other) {
    return Statistics.ratios(imagesPerSecond, other.imagesPerSecond);
  }

  /**
   * Lets the runners take turns.
   *
   * @param batch images of a run
   * @param seconds about how long in all, warm-up not counted; at least {@value #MIN_ROUNDS} rounds
   *     are made
   * @return for every runner its measurement; all have the same number of rounds
   */
  static List<Measurement> of(List<? extends Runner> runners, int batch, double seconds) {
    List<Turns> all =
        runners.stream().map(runner -> new Turns(runner, batch, seconds / 10)).toList();
    long start = System.nanoTime();
    for (int round = 0; round < MIN_ROUNDS || secondsSince(start) < seconds; round++) {
      for (int i = 0; i < all.size(); i++) {
        all.get(round % 2 == 0 ? i : all.size() - 1 - i).take(all.size() > 1);
      }
    }
    return all.stream().map(Turns::measurement).toList();
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** One runner's turns. */
  private static final class Turns {
    private final Runner runner;
    private final int batch;
    private final int runs;
    private final boolean warm;
    private final List<Double> rounds = new ArrayList<>();
    private double[] latencies = new double[1024];
    private int count;

    /** Warms up, and finds out how many runs make a turn. */
    Turns(Runner runner, int batch, double warmUpSeconds) {
      this.runner = runner;
      this.batch = batch;
      runner.run();
      long start = System.nanoTime();
      int warmUps = 0;
      do {
        runner.run();
        warmUps++;
      } while (secondsSince(start) < warmUpSeconds);
      double latency = secondsSince(start) / warmUps;
      this.runs = (int) Math.max(1, Math.ceil(TURN_SECONDS / latency));
      this.warm = latency < LONG_RUN_SECONDS;
    }

    void take(boolean others) {
      if (others) {
        LockSupport.parkNanos(PAUSE_NANOS);
        if (warm) {
          runner.run();
        }
      }
      long start = System.nanoTime();
      long before = start;
      for (int i = 0; i < runs; i++) {
        runner.run();
        long now = System.nanoTime();
        add((now - before) * 1e-9);
        before = now;
      }
      rounds.add((double) runs * batch / ((before - start) * 1e-9));
    }

    private void add(double latency) {
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, 2 * count);
      }
      latencies[count++] = latency;
    }

    Measurement measurement() {
      return new Measurement(
          rounds.stream().mapToDouble(Double::doubleValue).toArray(),
          Arrays.copyOf(latencies, count));
    }
  }
}
