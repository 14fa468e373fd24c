package dev.convoy.graph;

import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects nodes in topological order. Every mistake is reported at the layer that makes it. Not
 * thread-safe.
 */
public final class GraphBuilder {
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * Adds an operation whose parameters are stored under {@link ParameterSpec#key}.
   *
   * @return the position of the node
   * @throws ShapeException naming the layer, the expected and the given shape
   */
  public int add(String name, Op op, List<Integer> inputs) {
    List<Shape> shapes = inputs.stream().map(id -> nodes.get(id).shape()).toList();
    Shape shape = infer(name, op, shapes);
    List<Parameter> parameters = new ArrayList<>();
    for (ParameterSpec spec : op.parameters(shapes)) {
      parameters.add(new Parameter.Stored(spec.key(name), spec.shape(), spec.trainable()));
    }
    return add(new Node(name, op, inputs, parameters, shape, Layout.PLAIN));
  }

  /**
   * Adds a linear layer at every pixel of a map: a 1×1 convolution with bias, whose weight is
   * stored as a linear layer's is, [out, in].
   *
   * @return the position of the node
   * @throws ShapeException naming the layer, the expected and the given shape
   */
  public int addPointwiseLinear(String name, int outChannels, int input) {
    Conv2d op = Conv2d.of(outChannels, 1);
    Shape in = nodes.get(input).shape();
    Shape shape = infer(name, op, List.of(in));
    Parameter weight =
        new Parameter.Stored(name + ".weight", Shape.of(outChannels, in.channels()), true);
    Parameter filters = new Parameter.Reshaped(weight, Shape.of(outChannels, in.channels(), 1, 1));
    Parameter bias = new Parameter.Stored(name + ".bias", Shape.of(outChannels), true);
    return add(new Node(name, op, List.of(input), List.of(filters, bias), shape, Layout.PLAIN));
  }

  /** Adds a node as it is; for passes, which bring parameters and layouts of their own. */
  public int add(Node node) {
    if (!names.add(node.name())) {
      throw new ShapeException(
          "two layers are called '" + node.name() + "': give one another name");
    }
    nodes.add(node);
    return nodes.size() - 1;
  }

  private static Shape infer(String name, Op op, List<Shape> inputs) {
    try {
      return op.infer(inputs);
    } catch (ShapeException e) {
      throw new ShapeException("layer '" + name + "' (" + op + "): " + e.getMessage());
    }
  }

  public Node node(int id) {
    return nodes.get(id);
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  public Graph build(List<Integer> outputs) {
    return new Graph(nodes, outputs);
  }
}
