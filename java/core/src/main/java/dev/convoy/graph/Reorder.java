package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import java.util.List;

/**
 * The same value in another memory layout (the node says which). Inserted by a pass, never by
 * people.
 */
public record Reorder() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public String toString() {
    return "reorder";
  }
}
