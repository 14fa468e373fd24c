package dev.convoy.backend;

import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;

/** Something that can compute networks. Thread-safe. */
public interface Backend {
  /** A short lower-case name such as {@code reference} or {@code native}. */
  String name();

  /**
   * Chooses an algorithm for every node, packs the weights, plans the memory.
   *
   * @param graph already optimised; its outputs are what runs return
   * @param parameters where stored parameters come from; not kept after this call
   * @throws UnsupportedGraphException naming the node that this backend cannot compute and why
   */
  Executable compile(Graph graph, ParameterSource parameters, CompileOptions options);
}
