package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.Locale;

/** Extra pixels around a map. */
public record Pad2d(Mode mode, float value, int top, int left, int bottom, int right)
    implements Op {
  /** What the extra pixels hold; the order is part of the native interface. */
  public enum Mode {
    /** {@code value} */
    CONSTANT,
    /** the nearest pixel */
    EDGE,
    /** the mirror image, the edge pixel not repeated */
    REFLECT
  }

  public Pad2d {
    if (top < 0 || left < 0 || bottom < 0 || right < 0) {
      throw new ShapeException(
          "padding (top %d, left %d, bottom %d, right %d) must not be negative"
              .formatted(top, left, bottom, right));
    }
  }

  public static Pad2d zeros(int padding) {
    return new Pad2d(Mode.CONSTANT, 0, padding, padding, padding, padding);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = Op.onlyMap(inputs);
    if (mode == Mode.REFLECT
        && (Math.max(top, bottom) >= in.height() || Math.max(left, right) >= in.width())) {
      throw new ShapeException(
          "reflected padding must be smaller than the map, got " + this + " of " + in);
    }
    return Shape.chw(
        in.channels(), padded(in, top, in.height(), bottom), padded(in, left, in.width(), right));
  }

  private int padded(Shape in, int before, int size, int after) {
    long padded = (long) before + size + after;
    if (padded > Integer.MAX_VALUE) {
      throw new ShapeException(
          "a side of %d pixels is more than 2^31, from %s and %s".formatted(padded, in, this));
    }
    return (int) padded;
  }

  @Override
  public String toString() {
    return "pad2d "
        + mode.name().toLowerCase(Locale.ROOT)
        + (mode == Mode.CONSTANT ? " " + value : "")
        + (" " + top + "," + left + "," + bottom + "," + right);
  }
}
