package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/** {@code activation(a + b)}, element by element, of two values of one shape. */
public record Add(Activation activation) implements Op {
  public static final Add PLAIN = new Add(Activation.IDENTITY);

  @Override
  public Shape infer(List<Shape> inputs) {
    if (inputs.size() != 2 || !inputs.get(0).equals(inputs.get(1))) {
      throw new ShapeException("expected two inputs of one shape, got " + inputs);
    }
    return inputs.get(0);
  }

  @Override
  public String toString() {
    return "add" + activation.suffix();
  }
}
