package dev.convoy.bench;

import dev.convoy.bench.onednn.OneDnnLibrary;
import dev.convoy.bench.onednn.OneDnnNetwork;
import dev.convoy.cpu.Isa;

/**
 * oneDNN at its best: a chain of primitives in formats of its own choice; see {@link
 * OneDnnNetwork}.
 */
final class OneDnnRunner implements Runner {
  private final OneDnnNetwork network;
  private final float[][] outputs;

  /**
   * Translates the workload's graph.
   *
   * @param isa that oneDNN is capped to
   * @param threads of oneDNN's OpenMP team, the caller included
   * @throws dev.convoy.bench.onednn.OneDnnException if it cannot compute this network
   */
  OneDnnRunner(Workload workload, Isa isa, int batch, int threads) {
    this.outputs = workload.outputs(batch);
    this.network =
        new OneDnnNetwork(
            OneDnnLibrary.load(isa), workload.graph(), workload.parameters(), batch, threads);
    network.write(workload.inputs(batch));
  }

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public void run() {
    network.run();
  }

  @Override
  public float[][] outputs() {
    network.read(outputs);
    return outputs;
  }

  @Override
  public void close() {
    network.close();
  }
}
