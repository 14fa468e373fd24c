package dev.convoy.bench.onednn;

import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import java.util.BitSet;
import java.util.List;

/**
 * How often the values of a graph are still to be read. A flatten is only another name for a value.
 */
final class Uses {
  private final Graph graph;
  private final int[] named;
  private final int[] left;

  Uses(Graph graph) {
    this.graph = graph;
    int count = graph.nodes().size();
    this.named = new int[count];
    this.left = new int[count];
    BitSet live = graph.live();
    for (int id = 0; id < count; id++) {
      List<Integer> inputs = graph.node(id).inputs();
      boolean name = isName(id);
      named[id] = name ? named[inputs.get(0)] : id;
      if (live.get(id) && !name) {
        inputs.forEach(input -> left[named[input]]++);
      }
    }
    graph.inputs().forEach(id -> left[id]++);
    graph.outputs().forEach(id -> left[named[id]]++);
  }

  /** Whether a node is another name for its input. */
  boolean isName(int id) {
    return graph.node(id).op() instanceof Flatten;
  }

  /** One use less; true if that was the last. */
  boolean end(int id) {
    return --left[named[id]] == 0;
  }

  boolean isLast(int id) {
    return left[named[id]] == 1;
  }
}
