package dev.convoy.bench;

/**
 * A {@link Runner} of a network of one layer that tells what the layer alone took. Its input lies
 * in cache as if the layer before had just written it, in the format that the runner likes best:
 * what brings it there is not counted.
 */
interface LayerRunner extends Runner {
  /** What the layer's only node is called. */
  String LAYER = "layer";

  /** Seconds of every run so far, in order. No run may follow. */
  double[] seconds();
}
