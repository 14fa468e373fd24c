package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/** Maps of one size, or vectors, one behind the other along the channels. */
public record Concat() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (inputs.isEmpty()) {
      throw new ShapeException("expected at least one input, got none");
    }
    Shape first = inputs.get(0);
    long channels = 0;
    for (Shape in : inputs) {
      if (in.rank() != first.rank()
          || in.height() != first.height()
          || in.width() != first.width()) {
        throw new ShapeException("expected inputs that differ in channels only, got " + inputs);
      }
      channels += in.channels();
    }
    if (channels > Integer.MAX_VALUE) {
      throw new ShapeException(channels + " channels are more than 2^31, from " + inputs);
    }
    int[] dims = first.toArray();
    dims[0] = (int) channels;
    return Shape.of(dims);
  }

  @Override
  public String toString() {
    return "concat";
  }
}
