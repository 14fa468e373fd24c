package dev.convoy.nn;

import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Op;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The names around a layer: the stack of scopes that is open while a network is described. */
final class Scopes {
  private final GraphBuilder builder = new GraphBuilder();
  private final Deque<String> prefixes = new ArrayDeque<>(List.of(""));

  GraphBuilder builder() {
    return builder;
  }

  void push(String name) {
    prefixes.push(prefixes.element() + name + ".");
  }

  void pop() {
    prefixes.pop();
  }

  int add(String name, Op op, List<Integer> inputs) {
    return builder.add(prefixes.element() + name, op, inputs);
  }

  int addPointwiseLinear(String name, int outChannels, int input) {
    return builder.addPointwiseLinear(prefixes.element() + name, outChannels, input);
  }

  /** Named after its kind, with a number from the second of a scope on. */
  int addUnnamed(String kind, Op op, List<Integer> inputs) {
    String name = prefixes.element() + kind;
    String free = name;
    for (int n = 2; builder.has(free); n++) {
      free = name + "_" + n;
    }
    return builder.add(free, op, inputs);
  }
}
