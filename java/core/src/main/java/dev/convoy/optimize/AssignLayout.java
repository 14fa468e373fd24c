package dev.convoy.optimize;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.Reorder;
import dev.convoy.tensor.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses how every value lies in memory, for backends that compute on blocked channels: plain at
 * the graph's edges, {@link Layout#BLOCKED16} inside, with a visible {@link Reorder} where the two
 * meet. A convolution of an image with fewer channels than a block reads it as it is; a residual is
 * always blocked.
 */
public final class AssignLayout implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Map<Integer, Integer> blocked = new HashMap<>();
    Graph inside =
        Rewrite.of(
            graph,
            (rewrite, id, node) -> {
              if (node.op() instanceof Input) {
                return rewrite.keep(node);
              }
              List<Integer> inputs = new ArrayList<>();
              for (int input : rewrite.replacements(node.inputs())) {
                boolean image = inputs.isEmpty();
                inputs.add(
                    image && readsPlain(node, rewrite.emitted(input))
                        ? input
                        : blocked.computeIfAbsent(input, plain -> blocked(rewrite, plain)));
              }
              return rewrite.emit(
                  new Node(
                      node.name(),
                      node.op(),
                      inputs,
                      node.parameters(),
                      node.shape(),
                      Layout.BLOCKED16));
            });
    return plainOutputs(inside);
  }

  private static boolean readsPlain(Node node, Node input) {
    return node.op() instanceof Conv2d
        && input.layout() == Layout.PLAIN
        && input.shape().channels() < Layout.BLOCK;
  }

  private static int blocked(Rewrite rewrite, int value) {
    Node node = rewrite.emitted(value);
    return node.layout() == Layout.BLOCKED16
        ? value
        : rewrite.emit(reorder(value, node, Layout.BLOCKED16));
  }

  private static Graph plainOutputs(Graph graph) {
    List<Node> nodes = new ArrayList<>(graph.nodes());
    Map<Integer, Integer> plain = new HashMap<>();
    List<Integer> outputs = new ArrayList<>();
    for (int output : graph.outputs()) {
      outputs.add(
          plain.computeIfAbsent(
              output,
              id -> {
                if (nodes.get(id).layout() == Layout.PLAIN) {
                  return id;
                }
                nodes.add(reorder(id, nodes.get(id), Layout.PLAIN));
                return nodes.size() - 1;
              }));
    }
    return new Graph(nodes, outputs);
  }

  private static Node reorder(int value, Node node, Layout layout) {
    String suffix = layout == Layout.PLAIN ? ":plain" : ":blocked";
    return new Node(
        node.name() + suffix, new Reorder(), List.of(value), List.of(), node.shape(), layout);
  }
}
