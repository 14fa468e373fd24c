package dev.convoy.optimize;

import dev.convoy.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/** Until when the values of a graph are needed, with nodes run in their order. */
final class Lifetimes {
  private Lifetimes() {}

  /**
   * For each node the last one that reads it, itself if none does, and the number of nodes if it is
   * an output.
   */
  static List<Integer> lastUses(Graph graph) {
    int end = graph.nodes().size();
    List<Integer> lastUses = new ArrayList<>();
    List<List<Integer>> consumers = graph.consumers();
    for (int id = 0; id < end; id++) {
      int last = consumers.get(id).stream().mapToInt(Integer::intValue).max().orElse(id);
      lastUses.add(graph.outputs().contains(id) ? end : last);
    }
    return lastUses;
  }
}
