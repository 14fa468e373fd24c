package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.Locale;

/**
 * A map resampled to another size, without antialiasing.
 *
 * <p>Nearest: source = floor(dst * in / out). Bilinear: source = max(0, (dst + 0.5) * in / out -
 * 0.5), or dst * (in - 1) / (out - 1) with {@code alignCorners}; positions in double precision.
 */
public record Resize2d(Mode mode, boolean alignCorners, int height, int width) implements Op {
  /** The interpolation; the order is part of the native interface. */
  public enum Mode {
    NEAREST,
    BILINEAR
  }

  public Resize2d {
    if (height < 1 || width < 1) {
      throw new ShapeException(
          "a resize needs an output of at least 1x1, got " + height + "x" + width);
    }
    if (mode == Mode.NEAREST && alignCorners) {
      throw new ShapeException("align-corners goes with bilinear resizing only");
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Shape.chw(Op.onlyMap(inputs).channels(), height, width);
  }

  @Override
  public String toString() {
    return "resize2d "
        + mode.name().toLowerCase(Locale.ROOT)
        + " "
        + height
        + "x"
        + width
        + (alignCorners ? " align-corners" : "");
  }
}
