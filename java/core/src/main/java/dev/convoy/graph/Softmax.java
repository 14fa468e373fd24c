package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import java.util.List;

/**
 * {@code exp(x - max) / sum exp(x - max)} over the channels of a map (at every pixel) or the
 * features of a vector.
 *
 * @param log the logarithm of it
 */
public record Softmax(boolean log) implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public String toString() {
    return log ? "log-softmax" : "softmax";
  }
}
