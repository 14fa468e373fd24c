package dev.convoy.nn;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A network: a graph with one input, described by layers, without weights.
 *
 * <pre>{@code
 * Network lenet = Network.of(Shape.chw(1, 32, 32), net -> net
 *     .conv("conv1", 6, 5).tanh().averagePool(2)
 *     .conv("conv2", 16, 5).tanh().averagePool(2)
 *     .conv("conv3", 120, 5).tanh().flatten()
 *     .linear("fc1", 84).tanh()
 *     .linear("fc2", 10).softmax());
 * System.out.println(lenet.summary());
 * }</pre>
 *
 * @param graph with exactly one input; its first output is the network's result
 */
public record Network(Graph graph) {
  public Network {
    if (graph.inputs().size() != 1) {
      throw new ShapeException("a network has one input, got " + graph.inputs().size());
    }
  }

  /**
   * Describes a network that starts with an image (or vector) of this shape and ends with what
   * {@code layers} returns.
   */
  public static Network of(Shape input, UnaryOperator<Net> layers) {
    Scopes scopes = new Scopes();
    Net image = new Net(scopes, scopes.add("input", new Input(input), List.of()));
    Net result = layers.apply(image);
    return new Network(scopes.builder().build(List.of(image.idOf(result))));
  }

  /** The shape of one input image. */
  public Shape input() {
    return graph.node(graph.inputs().get(0)).shape();
  }

  /** The shape of the result for one image. */
  public Shape output() {
    return graph.node(graph.outputs().get(0)).shape();
  }

  /** Trainable numbers. */
  public long parameters() {
    return graph.storedParameters().values().stream()
        .filter(p -> p.trainable())
        .mapToLong(p -> p.shape().size())
        .sum();
  }

  /** Numbers of running statistics. */
  public long statistics() {
    return graph.storedParameters().values().stream()
        .filter(p -> !p.trainable())
        .mapToLong(p -> p.shape().size())
        .sum();
  }

  /** Multiply-accumulates of convolutions and linear layers for one image. */
  public long macs() {
    return graph.macs();
  }

  /**
   * The same layers with other results: nodes by name, or scopes by what their last layer gives.
   */
  public Network at(String... names) {
    return new Network(graph.withOutputs(List.of(names)));
  }

  /** The layers as a table. */
  public Summary summary() {
    return Summary.of(this);
  }
}
