package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import java.util.List;

/** A map as a vector of features, channels outermost. */
public record Flatten() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Shape.of(Op.only(inputs).intSize());
  }

  @Override
  public String toString() {
    return "flatten";
  }
}
