package dev.convoy.bench.onednn;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import java.util.BitSet;
import java.util.List;

/**
 * How often the values of a graph are still to be read. Some nodes are only another name for a
 * value: a flatten, and a ReLU that the batch norm before it computes.
 */
final class Uses {
  private final Graph graph;
  private final List<List<Integer>> consumers;
  private final int[] named;
  private final int[] left;

  Uses(Graph graph) {
    this.graph = graph;
    this.consumers = graph.consumers();
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
    Node node = graph.node(id);
    return node.op() instanceof Flatten
        || (node.op() instanceof Activate && endsInRelu(node.inputs().get(0)));
  }

  /** Whether a node is a batch norm whose only reader is a ReLU. */
  boolean endsInRelu(int id) {
    return graph.node(id).op() instanceof BatchNorm
        && consumers.get(id).size() == 1
        && !graph.outputs().contains(id)
        && graph.node(consumers.get(id).get(0)).op() instanceof Activate activate
        && activate.activation().kind() == Activation.Kind.RELU;
  }

  /** One use less; true if that was the last. */
  boolean end(int id) {
    return --left[named[id]] == 0;
  }

  boolean isLast(int id) {
    return left[named[id]] == 1;
  }
}
