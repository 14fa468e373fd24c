package dev.convoy.graph;

import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

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
    List<Parameter.Stored> stored = new ArrayList<>();
    parameters.forEach(parameter -> addStored(parameter, stored));
    return stored;
  }

  private static void addStored(Parameter parameter, List<Parameter.Stored> to) {
    if (parameter instanceof Parameter.Stored leaf) {
      to.add(leaf);
    } else {
      parameter.parts().forEach(part -> addStored(part, to));
    }
  }
}
