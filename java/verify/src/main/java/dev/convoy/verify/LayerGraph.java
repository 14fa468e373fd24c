package dev.convoy.verify;

import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Op;
import dev.convoy.graph.Parameter;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The operation of a layer case as a graph.
 *
 * @param batch images in every input
 * @param inputs the leaves that fill the graph's inputs, in order
 * @param parameters the leaf of every stored parameter's key
 */
record LayerGraph(Graph graph, int batch, List<String> inputs, Map<String, String> parameters) {
  private static final String LAYER = "layer";

  /** Leaves that hold parameters, by the role that operations give them. */
  private static final Map<String, List<String>> LEAVES =
      Map.of(
          "weight", List.of("w", "weight"),
          "bias", List.of("b", "bias"),
          "running_mean", List.of("mean"),
          "running_var", List.of("var"));

  /**
   * Operations one behind the other, the first on these leaves.
   *
   * @throws UnsupportedCaseException if a leaf has no batch of maps or vectors
   */
  static LayerGraph of(LayerCase layer, List<String> inputs, Op... ops) {
    GraphBuilder builder = new GraphBuilder();
    int batch = layer.shape(inputs.get(0)).dim(0);
    List<Integer> values = new ArrayList<>();
    for (String input : inputs) {
      Shape shape = layer.shape(input);
      if (shape.rank() != 2 && shape.rank() != 4) {
        throw new UnsupportedCaseException(layer.op() + " on a tensor of shape " + shape);
      }
      if (shape.dim(0) != batch) {
        throw new UnsupportedCaseException(layer.op() + " on tensors of different batches");
      }
      Shape image = Shape.of(Arrays.copyOfRange(shape.toArray(), 1, shape.rank()));
      values.add(builder.add(input, new Input(image), List.of()));
    }
    int last = -1;
    for (Op op : ops) {
      last = builder.add(last < 0 ? LAYER : LAYER + last, op, last < 0 ? values : List.of(last));
    }
    Graph graph = builder.build(List.of(last));
    Map<String, String> parameters = new java.util.HashMap<>();
    for (Parameter.Stored parameter : graph.storedParameters().values()) {
      parameters.put(parameter.key(), parameterLeaf(layer, parameter));
    }
    return new LayerGraph(graph, batch, inputs, parameters);
  }

  private static String parameterLeaf(LayerCase layer, Parameter.Stored parameter) {
    String role = parameter.key().substring(parameter.key().lastIndexOf('.') + 1);
    List<String> candidates = LEAVES.getOrDefault(role, List.of(role));
    String leaf =
        candidates.stream()
            .filter(layer.leaves()::containsKey)
            .findFirst()
            .orElse(candidates.get(0));
    if (!layer.shape(leaf).equals(parameter.shape())) {
      throw new GoldenException(
          "%s: leaf '%s' has shape %s, but the operation needs %s"
              .formatted(layer.id(), leaf, layer.shape(leaf), parameter.shape()));
    }
    return leaf;
  }

  /** The shape of the result, batch included. */
  Shape result() {
    return graph.node(graph.outputs().get(0)).shape().batch(batch);
  }

  String leaf(String key) {
    String leaf = parameters.get(key);
    if (leaf == null) {
      throw new GoldenException("no leaf fills parameter '" + key + "'");
    }
    return leaf;
  }
}
