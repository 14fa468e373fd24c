package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import java.util.List;

/** An activation function on every element. */
public record Activate(Activation activation) implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public String toString() {
    return activation.toString();
  }
}
