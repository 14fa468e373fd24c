package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;

/**
 * What a node computes: a closed set of records, each knowing the shapes it accepts and the
 * parameters it needs.
 *
 * <p>{@code toString()} is the operation's line in a printed graph, such as {@code conv2d 64 7x7
 * stride 2 pad 3}.
 */
public sealed interface Op
    permits Input,
        Conv2d,
        Linear,
        Pool2d,
        AdaptivePool2d,
        BatchNorm,
        LocalResponseNorm,
        LayerNorm,
        LayerScale,
        Activate,
        Softmax,
        Flatten,
        Dropout,
        Identity,
        Add,
        Multiply,
        Concat,
        SelectChannels,
        Pad2d,
        Resize2d,
        Reorder {

  /**
   * The shape of the result for one image.
   *
   * @throws ShapeException if the inputs do not fit, saying what was expected and what was given
   */
  Shape infer(List<Shape> inputs);

  /** The parameters in the order in which a node holds them; empty for most operations. */
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return List.of();
  }

  /**
   * Multiply-accumulates for one image, counted as the literature does: convolutions and linear
   * layers only.
   */
  default long macs(List<Shape> inputs, Shape output) {
    return 0;
  }

  /** Throws {@link ShapeException} where a long cannot hold the product. */
  static long product(long... factors) {
    try {
      return Arrays.stream(factors).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new ShapeException(
          "more than 2^63 multiply-accumulates, the product of " + Arrays.toString(factors));
    }
  }

  /** Checks that there is exactly one input and returns it. */
  static Shape only(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new ShapeException("expected one input, got " + inputs.size());
    }
    return inputs.get(0);
  }

  /** Checks that there is exactly one input, a C×H×W map, and returns it. */
  static Shape onlyMap(List<Shape> inputs) {
    Shape input = only(inputs);
    if (!input.isMap()) {
      throw new ShapeException("expected a map of channels x height x width, got " + input);
    }
    return input;
  }
}
