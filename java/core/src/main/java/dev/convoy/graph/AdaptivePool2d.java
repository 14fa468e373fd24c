package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.Locale;

/**
 * Pooling to a fixed output size: window i of n covers {@code floor(i*in/n) .. ceil((i+1)*in/n)}.
 * Output 1×1 is global pooling.
 */
public record AdaptivePool2d(Pooling kind, int height, int width) implements Op {
  public AdaptivePool2d {
    if (height < 1 || width < 1) {
      throw new ShapeException(
          "an adaptive pooling needs an output of at least 1x1, got " + height + "x" + width);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Shape.chw(Op.onlyMap(inputs).channels(), height, width);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + "-adaptive-pool2d " + height + "x" + width;
  }
}
