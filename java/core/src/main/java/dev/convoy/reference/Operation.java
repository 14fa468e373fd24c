package dev.convoy.reference;

import java.util.List;

/** What one node computes for one image: inputs and output in plain layout. Immutable. */
interface Operation {
  /**
   * Computes one image.
   *
   * @param inputs as many as the node has; only read
   * @param output every element is written
   */
  void run(List<Reals> inputs, Reals output, Workers workers);
}
