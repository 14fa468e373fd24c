package dev.convoy.verify;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.ParameterSource;
import dev.convoy.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A backend that computes something else where it meets certain nodes or parameters, as a broken
 * kernel would.
 *
 * @param ops what it computes in a node's place, by the node's name
 * @param offsets what it adds to the first value of a parameter, by its key
 * @param when the graphs in which it misbehaves
 */
record SabotagedBackend(
    Backend inner, Map<String, Op> ops, Map<String, Float> offsets, Predicate<Graph> when)
    implements Backend {

  static SabotagedBackend node(Backend inner, String node, Op op) {
    return new SabotagedBackend(inner, Map.of(node, op), Map.of(), graph -> true);
  }

  static SabotagedBackend parameter(Backend inner, String key, float offset) {
    return new SabotagedBackend(inner, Map.of(), Map.of(key, offset), graph -> true);
  }

  SabotagedBackend when(Predicate<Graph> condition) {
    return new SabotagedBackend(inner, ops, offsets, condition);
  }

  @Override
  public String name() {
    return "sabotaged";
  }

  @Override
  public Executable compile(Graph graph, ParameterSource parameters, CompileOptions options) {
    if (!when.test(graph)) {
      return inner.compile(graph, parameters, options);
    }
    List<Node> nodes = new ArrayList<>();
    for (Node n : graph.nodes()) {
      Op op = ops.getOrDefault(n.name(), n.op());
      nodes.add(new Node(n.name(), op, n.inputs(), n.parameters(), n.shape(), n.layout()));
    }
    return inner.compile(
        new Graph(nodes, graph.outputs()), key -> tensor(parameters, key), options);
  }

  private Tensor tensor(ParameterSource parameters, String key) {
    Tensor tensor = parameters.tensor(key);
    if (!offsets.containsKey(key)) {
      return tensor;
    }
    float[] values = tensor.values().clone();
    values[0] += offsets.getOrDefault(key, 0f);
    return new Tensor(tensor.shape(), values);
  }
}
