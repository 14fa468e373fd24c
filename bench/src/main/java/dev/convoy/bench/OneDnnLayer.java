package dev.convoy.bench;

import dev.convoy.bench.onednn.OneDnnLibrary;
import dev.convoy.bench.onednn.OneDnnNetwork;
import dev.convoy.cpu.Isa;

/**
 * A layer, or a block of them, as oneDNN primitives; reorders before and behind it are not counted.
 */
final class OneDnnLayer implements LayerRunner {
  private final OneDnnNetwork network;
  private final float[][] inputs;
  private final float[][] outputs;
  private final Samples samples = new Samples();

  OneDnnLayer(Workload workload, Isa isa, int batch, int threads) {
    this.inputs = workload.inputs(batch);
    this.outputs = workload.outputs(batch);
    this.network =
        new OneDnnNetwork(
            OneDnnLibrary.load(isa), workload.graph(), workload.parameters(), batch, threads);
  }

  @Override
  public String name() {
    return Peer.ONEDNN.toString();
  }

  @Override
  public void run() {
    network.write(inputs);
    samples.add(network.profile(LAYER) * 1e-9);
  }

  @Override
  public double[] seconds() {
    return samples.toArray();
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
