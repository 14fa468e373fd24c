package dev.convoy.bench;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.plan.Plan;

/** Convoy, from arrays to arrays. */
final class ConvoyRunner implements Runner {
  private final Plan plan;
  private final int batch;
  private final float[][] inputs;
  private final float[][] outputs;

  ConvoyRunner(Workload workload, Backend backend, CompileOptions options) {
    this.batch = options.maxBatch();
    this.inputs = workload.inputs(batch);
    this.outputs = workload.outputs(batch);
    this.plan = Plan.compile(workload.graph(), workload.parameters(), backend, options);
  }

  @Override
  public String name() {
    return "convoy";
  }

  Plan plan() {
    return plan;
  }

  @Override
  public void run() {
    plan.run(batch, inputs, outputs);
  }

  /** Runs once and returns what each step took, in nanoseconds. */
  long[] profile() {
    return plan.profile(batch, inputs, outputs);
  }

  @Override
  public float[][] outputs() {
    return outputs;
  }

  @Override
  public void close() {
    plan.close();
  }
}
