package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.Locale;

/**
 * Pooling over a sliding window, per channel.
 *
 * <p>Padding never wins a maximum or minimum. An average divides by the window's area inside the
 * padded input ({@code countIncludePad}) or by the number of real pixels in it. {@code ceilMode}
 * rounds the output size up, but drops a window that would start in the bottom or right padding or
 * beyond.
 */
public record Pool2d(Pooling kind, Window window, boolean ceilMode, boolean countIncludePad)
    implements Op {
  public Pool2d {
    if (Math.max(window.top(), window.bottom()) > window.spanH() / 2
        || Math.max(window.left(), window.right()) > window.spanW() / 2) {
      throw new ShapeException(
          "the padding of pooling window " + window + " exceeds half its kernel");
    }
    if (kind == Pooling.AVERAGE && (window.dilationH() != 1 || window.dilationW() != 1)) {
      throw new ShapeException("average pooling has no dilation, got " + window);
    }
  }

  /** A square window whose stride is its size. */
  public static Pool2d of(Pooling kind, int kernel) {
    return of(kind, Window.of(kernel).stride(kernel));
  }

  /** Floor mode; padding counted in averages. */
  public static Pool2d of(Pooling kind, Window window) {
    return new Pool2d(kind, window, false, true);
  }

  public Pool2d ceil() {
    return new Pool2d(kind, window, true, countIncludePad);
  }

  public Pool2d excludePad() {
    return new Pool2d(kind, window, ceilMode, false);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = Op.onlyMap(inputs);
    int h = window.outputHeight(in.height());
    int w = window.outputWidth(in.width());
    if (ceilMode) {
      h = ceil(h, in.height(), window.top(), window.bottom(), window.spanH(), window.strideH());
      w = ceil(w, in.width(), window.left(), window.right(), window.spanW(), window.strideW());
    }
    return Shape.chw(in.channels(), h, w);
  }

  /**
   * One more window if some input is left over and the window starts inside the input or its
   * leading padding.
   */
  private static int ceil(int floor, int size, int before, int after, int span, int stride) {
    boolean leftOver = (size + before + after - span) % stride != 0;
    boolean startsInside = (long) floor * stride < size + before;
    return leftOver && startsInside ? floor + 1 : floor;
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT)
        + "-pool2d "
        + window
        + (ceilMode ? " ceil" : "")
        + (kind == Pooling.AVERAGE && !countIncludePad ? " exclude-pad" : "");
  }
}
