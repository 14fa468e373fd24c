package dev.convoy.bench;

/**
 * A {@link Runner} of a layer, or of a block of layers, that tells what they alone took. Its input
 * lies in cache as if the layer before had just written it, in the format that the runner likes
 * best: what brings it there is not counted.
 */
interface LayerRunner extends Runner {
  /** How the names of the nodes begin that count. */
  String LAYER = "layer";

  /** Seconds of every run so far, in order. No run may follow. */
  double[] seconds();
}
