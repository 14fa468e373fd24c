package dev.convoy.optimize;

import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Node;
import dev.convoy.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * One walk over a graph that builds another: for every old node, in order, a pass says which new
 * node stands for it.
 *
 * <p>A node that a later one absorbs is {@link #ABSORBED}: the later one emits both.
 */
final class Rewrite {
  static final int ABSORBED = -1;

  private final Graph old;
  private final List<List<Integer>> consumers;
  private final GraphBuilder result = new GraphBuilder();
  private final int[] replacement;

  private Rewrite(Graph old) {
    this.old = old;
    this.consumers = old.consumers();
    this.replacement = new int[old.nodes().size()];
  }

  /**
   * What a pass does with one old node: returns the new node that stands for it, or {@link
   * #ABSORBED}.
   */
  interface Rule {
    int replace(Rewrite rewrite, int id, Node node);
  }

  static Graph of(Graph graph, Rule rule) {
    Rewrite rewrite = new Rewrite(graph);
    for (int id = 0; id < graph.nodes().size(); id++) {
      rewrite.replacement[id] = rule.replace(rewrite, id, graph.node(id));
    }
    return rewrite.result.build(rewrite.replacements(graph.outputs()));
  }

  Node old(int id) {
    return old.node(id);
  }

  /** The same node, reading what stands for its inputs. */
  int keep(Node node) {
    return emit(
        new Node(
            node.name(),
            node.op(),
            replacements(node.inputs()),
            node.parameters(),
            node.shape(),
            node.layout()));
  }

  int emit(Node node) {
    return result.add(node);
  }

  Node emitted(int id) {
    return result.node(id);
  }

  int replacement(int id) {
    return replacement[id];
  }

  List<Integer> replacements(List<Integer> ids) {
    List<Integer> mapped = new ArrayList<>();
    for (int id : ids) {
      mapped.add(replacement[id]);
    }
    return mapped;
  }

  boolean isOutput(int id) {
    return old.outputs().contains(id);
  }

  /**
   * The one node that reads this one, if there is only one and the value is not a result; else -1.
   */
  int soleConsumer(int id) {
    return consumers.get(id).size() == 1 && !isOutput(id) ? consumers.get(id).get(0) : -1;
  }

  /** The same node in another layout. */
  static Node in(Layout layout, Node node) {
    return new Node(node.name(), node.op(), node.inputs(), node.parameters(), node.shape(), layout);
  }
}
