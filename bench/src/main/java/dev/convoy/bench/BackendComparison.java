package dev.convoy.bench;

import dev.convoy.backend.CompileOptions;
import dev.convoy.cpu.Accelerator;
import dev.convoy.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures our kernels, accelerators and the choice among them, in turns. */
record BackendComparison(CpuBackend ours, List<Accelerator> accelerators, double seconds) {
  static final String AUTO = "auto";
  static final String TUNED = "tuned";

  /** By name: what prefers the algorithms of one library. */
  private Map<String, CpuBackend> singles() {
    Map<String, CpuBackend> singles = new LinkedHashMap<>();
    singles.put(ours.name(), ours);
    accelerators.forEach(other -> singles.put(other.name(), ours.accelerated(other)));
    return singles;
  }

  /**
   * Measures a network. What was not tuned on this machine is, before.
   *
   * @throws BenchException if outputs differ by more than noise
   */
  BackendsRow of(WorkOptions.Case one) {
    Map<String, CpuBackend> backends = singles();
    List<String> singles = List.copyOf(backends.keySet());
    backends.put(AUTO, ours.auto());
    backends.put(TUNED, ours.auto().tuned());
    List<ConvoyRunner> runners = new ArrayList<>();
    try {
      backends
          .values()
          .forEach(by -> runners.add(new ConvoyRunner(one.workload(), by, one.options())));
      runners.forEach(Runner::run);
      check(one.toString(), runners.stream().map(Runner::outputs).toList(), backends.keySet());
      Map<String, Measurement> speeds = new LinkedHashMap<>();
      List<Measurement> measured = Measurement.of(runners, one.batch(), seconds);
      backends.keySet().forEach(name -> speeds.put(name, measured.get(speeds.size())));
      String taken =
          "%d, %d of %d"
              .formatted(
                  accelerated(runners.get(singles.size())),
                  accelerated(runners.get(singles.size() + 1)),
                  runners.get(0).plan().choices().size());
      return new BackendsRow(
          "network", one.workload().name(), one.batch(), one.threads(), singles, speeds, taken);
    } finally {
      runners.forEach(Runner::close);
    }
  }

  /**
   * Measures a convolution with bias and ReLU. The choice has the speed of the library that it
   * takes.
   *
   * @throws BenchException if outputs differ by more than noise
   */
  BackendsRow of(Workload workload, CompileOptions options) {
    Map<String, CpuBackend> backends = singles();
    List<String> singles = List.copyOf(backends.keySet());
    String choice;
    try (ConvoyLayer chosen = new ConvoyLayer(workload, ours.auto(), options)) {
      choice = chosen.algorithm();
    }
    try (LayerTurns turns = new LayerTurns(workload, options.maxBatch())) {
      backends.values().forEach(by -> turns.add(set -> new ConvoyLayer(workload, by, options)));
      check(workload.name(), turns.warmUp(), backends.keySet());
      List<Measurement> measured = turns.measure(seconds, options.threads() > 1);
      Map<String, Measurement> speeds = new LinkedHashMap<>();
      singles.forEach(single -> speeds.put(single, measured.get(speeds.size())));
      int taken = Math.max(0, singles.indexOf(choice.split(" ", 2)[0]));
      speeds.put(AUTO, measured.get(taken));
      return new BackendsRow(
          "layer", workload.name(), options.maxBatch(), options.threads(), singles, speeds, choice);
    }
  }

  /** Layers that an accelerator took. */
  private long accelerated(ConvoyRunner runner) {
    List<String> names = accelerators.stream().map(Accelerator::name).toList();
    return runner.plan().choices().stream()
        .filter(choice -> names.contains(choice.algorithm().split(" ", 2)[0]))
        .count();
  }

  private static void check(String what, List<float[][]> outputs, Iterable<String> names) {
    int i = 0;
    for (String name : names) {
      Difference.checked(
          what + " on '" + name + "'", "our kernels", outputs.get(i), outputs.get(0));
      i++;
    }
  }
}
