package dev.convoy.optimize;

import dev.convoy.graph.Graph;
import java.util.List;

/** A function from a graph to an equivalent one. Stateless. */
@FunctionalInterface
public interface Pass {
  Graph apply(Graph graph);

  /** What every backend wants before it compiles a graph for inference, in this order. */
  List<Pass> INFERENCE =
      List.of(
          new DropDeadNodes(),
          new DropIdentities(),
          new FoldBatchNorm(),
          new FoldLayerScale(),
          new PoolBeforePointwise(),
          new FuseResidualAdd(),
          new FuseActivation());

  /** The graph after all of {@link #INFERENCE}. */
  static Graph optimize(Graph graph) {
    for (Pass pass : INFERENCE) {
      graph = pass.apply(graph);
    }
    return graph;
  }
}
