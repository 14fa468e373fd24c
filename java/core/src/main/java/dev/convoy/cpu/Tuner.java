package dev.convoy.cpu;

import dev.convoy.CacheFolders;
import dev.convoy.ConvoyException;
import dev.convoy.backend.Execution;
import dev.convoy.graph.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Measures every algorithm that accepts a layer, inside the network: in round k each layer takes
 * its k-th candidate, so that there are as many programs as the layer with the most candidates has,
 * and every measurement meets the caches as its neighbours leave them. A round's program takes
 * turns with that of the first candidates, so that a change of the clock meets both alike. Winners
 * are kept on disk, so that a layer is measured once on a machine, whatever network it comes in.
 */
final class Tuner {
  /** Runs of a round; the quickest counts. */
  private static final int LEAST_RUNS = 4;

  private static final int MOST_RUNS = 40;
  private static final long ROUND_NANOS = 800_000_000;

  /** What a candidate must gain on the one estimated to be the best; less is noise. */
  private static final double GAIN = 0.03;

  private final CpuBackend backend;

  Tuner(CpuBackend backend) {
    this.backend = backend;
  }

  /** The winner for each node that has a choice, by its name. */
  Map<String, String> algorithms(Compilation network) {
    Map<String, String> machine = Tuning.machine(backend, network.options());
    Map<String, String> known = new HashMap<>();
    files(machine).stream()
        .filter(Files::isReadable)
        .findFirst()
        .flatMap(Tuner::kept)
        .filter(kept -> kept.circumstances().equals(machine))
        .ifPresent(kept -> known.putAll(kept.algorithms()));
    List<String> layers = network.layers();
    if (!known.keySet().containsAll(layers)) {
      known.putAll(measure(network, layers, known));
      keep(new Tuning(machine, known));
    }
    Map<String, String> algorithms = new HashMap<>();
    List<Node> steps = network.steps();
    for (int step = 0; step < steps.size(); step++) {
      String winner = known.getOrDefault(layers.get(step), "");
      if (!winner.isEmpty()) {
        algorithms.put(steps.get(step).name(), winner);
      }
    }
    return algorithms;
  }

  /** Where winners may be kept, in order. */
  private static List<Path> files(Map<String, String> machine) {
    String name = "tuning-%08x.txt".formatted(machine.hashCode());
    return CacheFolders.all().stream().map(folder -> folder.resolve(name)).toList();
  }

  /** Nothing of a damaged file: what it held is measured again, and written over it. */
  private static Optional<Tuning> kept(Path file) {
    try {
      return Optional.of(Tuning.read(file));
    } catch (ConvoyException e) {
      System.getLogger(Tuner.class.getName())
          .log(System.Logger.Level.WARNING, "measuring again: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** In the first folder that can be written; a machine without one measures again next time. */
  private static void keep(Tuning tuning) {
    Exception last = null;
    for (Path file : files(tuning.circumstances())) {
      try {
        Files.createDirectories(file.getParent());
        tuning.write(file);
        return;
      } catch (ConvoyException | IOException e) {
        last = e;
      }
    }
    System.getLogger(Tuner.class.getName())
        .log(System.Logger.Level.WARNING, "what was measured is not kept", last);
  }

  /** Winners by layer; empty for a layer without a choice. */
  private Map<String, String> measure(
      Compilation network, List<String> layers, Map<String, String> known) {
    List<Node> steps = network.steps();
    List<List<String>> candidates = new ArrayList<>();
    long[][] times = new long[steps.size()][];
    try (NativeExecutable first = network.build(backend.preference(true), Map.of())) {
      int rounds = 1;
      for (int step = 0; step < steps.size(); step++) {
        List<String> those = first.candidates(step);
        candidates.add(those);
        times[step] = new long[Math.max(1, those.size())];
        rounds = known.containsKey(layers.get(step)) ? rounds : Math.max(rounds, those.size());
      }
      for (int round = 1; round < rounds; round++) {
        Map<String, String> required = new HashMap<>();
        for (int step = 0; step < steps.size(); step++) {
          if (round < candidates.get(step).size()) {
            required.put(steps.get(step).name(), candidates.get(step).get(round));
          }
        }
        try (NativeExecutable one = network.build(backend.preference(true), required)) {
          record(first, one, network, round, times);
        }
      }
    }
    // a layer that comes several times is measured as often
    Map<String, long[]> sums = new HashMap<>();
    Map<String, String> winners = new HashMap<>();
    for (int step = 0; step < steps.size(); step++) {
      long[] nanos = times[step];
      long[] sum = sums.computeIfAbsent(layers.get(step), layer -> new long[nanos.length]);
      Arrays.setAll(sum, i -> sum[i] + nanos[i]);
      winners.put(layers.get(step), winner(candidates.get(step), sum));
    }
    winners.keySet().removeAll(known.keySet());
    return winners;
  }

  private static String winner(List<String> candidates, long[] nanos) {
    if (candidates.size() < 2) {
      return "";
    }
    int best = 0;
    for (int i = 1; i < nanos.length; i++) {
      best = nanos[i] < nanos[best] ? i : best;
    }
    return candidates.get(nanos[best] < nanos[0] * (1 - GAIN) ? best : 0);
  }

  /**
   * The time of every step that has a candidate of this number, on the scale of the first
   * candidate's: the least of several runs.
   */
  private static void record(
      NativeExecutable first,
      NativeExecutable other,
      Compilation network,
      int round,
      long[][] times) {
    int batch = network.options().maxBatch();
    Random random = new Random(1);
    float[][] inputs =
        network.signature().inputs().stream()
            .map(node -> floats(node.shape().batch(batch).intSize(), random))
            .toArray(float[][]::new);
    float[][] outputs =
        network.signature().outputs().stream()
            .map(node -> new float[node.shape().batch(batch).intSize()])
            .toArray(float[][]::new);
    long[] firsts = longest(times.length);
    long[] others = longest(times.length);
    try (Execution one = first.open();
        Execution two = other.open()) {
      one.run(batch, inputs, outputs);
      two.run(batch, inputs, outputs);
      long end = System.nanoTime() + ROUND_NANOS;
      for (int run = 0; run < MOST_RUNS && (run < LEAST_RUNS || System.nanoTime() < end); run++) {
        profile(one, batch, inputs, outputs, firsts);
        profile(two, batch, inputs, outputs, others);
      }
    }
    for (int step = 0; step < times.length; step++) {
      if (times[step][0] == 0) {
        times[step][0] = firsts[step];
      }
      if (round < times[step].length) {
        double ratio = (double) others[step] / Math.max(1, firsts[step]);
        times[step][round] = Math.round(ratio * times[step][0]);
      }
    }
  }

  private static long[] longest(int count) {
    long[] nanos = new long[count];
    Arrays.fill(nanos, Long.MAX_VALUE);
    return nanos;
  }

  /** Runs once and keeps each step's least time. */
  private static void profile(
      Execution execution, int batch, float[][] inputs, float[][] outputs, long[] least) {
    long[] nanos = new long[least.length];
    execution.profile(batch, inputs, outputs, nanos);
    for (int step = 0; step < nanos.length; step++) {
      least[step] = Math.min(least[step], nanos[step]);
    }
  }

  private static float[] floats(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
