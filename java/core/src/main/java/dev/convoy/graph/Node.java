package dev.convoy.graph;

import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * One operation in a graph.
 *
 * @param name unique in the graph, a path such as {@code layer1.0.conv1}
 * @param inputs positions in {@link Graph#nodes()} of the values it reads, all smaller than its own
 * @param parameters as many as {@link Op#parameters} asks for, in that order
 * @param shape of the result for one image
 * @param layout of the result in memory; plain until a pass assigns layouts
 */
public record Node(
    String name,
    Op op,
    List<Integer> inputs,
    List<Parameter> parameters,
    Shape shape,
    Layout layout) {
  public Node {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /** The tensors of the checkpoint that its parameters are or are computed from. */
  public List<Parameter.Stored> storedParameters() {
    return parameters.stream().flatMap(Node::stored).toList();
  }

  private static Stream<Parameter.Stored> stored(Parameter parameter) {
    return parameter instanceof Parameter.Stored leaf
        ? Stream.of(leaf)
        : parameter.parts().stream().flatMap(Node::stored);
  }
}
