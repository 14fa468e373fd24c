package dev.convoy.bench;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.plan.Plan;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A layer as Convoy's profile times it inside its plan. */
final class ConvoyLayer implements LayerRunner {
  private final ConvoyRunner runner;
  private final int[] steps;
  private final Samples samples = new Samples();

  ConvoyLayer(Workload workload, Backend backend, CompileOptions options) {
    this.runner = new ConvoyRunner(workload, backend, options);
    Plan plan = runner.plan();
    this.steps =
        IntStream.range(0, plan.choices().size())
            .filter(i -> isLayer(plan.choices().get(i)))
            .toArray();
  }

  @Override
  public String name() {
    return runner.name();
  }

  /** Reorders at the edges are run, but not counted; their nodes are called LAYER:… too. */
  private static boolean isLayer(Choice choice) {
    return choice.node().startsWith(LAYER) && choice.macs() > 0;
  }

  /** Of a single layer. */
  String algorithm() {
    return runner.plan().choices().get(steps[0]).algorithm();
  }

  @Override
  public void run() {
    long[] nanos = runner.profile();
    samples.add(Arrays.stream(steps).mapToLong(step -> nanos[step]).sum() * 1e-9);
  }

  @Override
  public double[] seconds() {
    return samples.toArray();
  }

  @Override
  public float[][] outputs() {
    return runner.outputs();
  }

  @Override
  public void close() {
    runner.close();
  }
}
