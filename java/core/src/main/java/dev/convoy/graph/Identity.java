package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import java.util.List;

/** Nothing: a named place in the graph. */
public record Identity() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public String toString() {
    return "identity";
  }
}
