package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/** A value handed in by the caller: one image of the given shape. */
public record Input(Shape shape) implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (!inputs.isEmpty()) {
      throw new ShapeException("an input has no inputs of its own, got " + inputs.size());
    }
    return shape;
  }

  @Override
  public String toString() {
    return "input";
  }
}
