package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/**
 * A map times a factor a channel: the second input is one pixel (C×1×1). Squeeze-and-excitation.
 */
public record Multiply() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (inputs.size() != 2
        || !inputs.get(0).isMap()
        || !inputs.get(1).equals(Shape.chw(inputs.get(0).channels(), 1, 1))) {
      throw new ShapeException(
          "expected a map and one factor for each of its channels (C x 1 x 1), got " + inputs);
    }
    return inputs.get(0);
  }

  @Override
  public String toString() {
    return "multiply";
  }
}
