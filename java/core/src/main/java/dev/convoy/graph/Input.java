package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/** A value handed in by the caller: one image, C×H×W, or a vector of features. */
public record Input(Shape shape) implements Op {
  public Input {
    if (shape.rank() != 1 && shape.rank() != 3) {
      throw new ShapeException(
          "an input is a map of channels x height x width or a vector of features, got "
              + shape
              + ": the batch is no part of it");
    }
  }

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
