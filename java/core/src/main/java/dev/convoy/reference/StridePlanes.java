package dev.convoy.reference;

import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;

/**
 * A zero-padded map, each channel cut into as many planes as the stride has pixels: the pixel at
 * row y and column x of the padded map lies in plane {@code (y % strideH, x % strideW)} at {@code
 * (y / strideH, x / strideW)}. Planes that a small map would leave empty are left out.
 *
 * <p>Whatever the stride, the pixels that one kernel element meets are then neighbours in one
 * plane.
 */
final class StridePlanes {
  private final Window window;
  private final Shape in;
  private final int rows;
  private final int pitch;
  private final int planesAcross;
  private final int size;

  StridePlanes(Window window, Shape in) {
    this.window = window;
    this.in = in;
    long height = (long) in.height() + window.top() + window.bottom();
    long width = (long) in.width() + window.left() + window.right();
    if (height * width > Integer.MAX_VALUE) {
      throw new ShapeException(
          "the padded map of %d x %d does not fit in one array".formatted(height, width));
    }
    this.rows = (int) ((height - 1) / window.strideH() + 1);
    this.pitch = (int) ((width - 1) / window.strideW() + 1);
    this.planesAcross = (int) Math.min(window.strideW(), width);
    int planesDown = (int) Math.min(window.strideH(), height);
    this.size = Shape.of(in.channels(), planesDown, planesAcross, rows, pitch).intSize();
  }

  /** Numbers in all planes of all channels. */
  int size() {
    return size;
  }

  /** Numbers from one row of a plane to the next. */
  int pitch() {
    return pitch;
  }

  /** Where a channel begins. */
  int channel(int c) {
    return c * (size / in.channels());
  }

  /** Where kernel element (y, x) of a channel meets the first output pixel. */
  int offset(int c, int y, int x) {
    return position(c, y * window.dilationH(), x * window.dilationW());
  }

  private int position(int c, int y, int x) {
    int plane = y % window.strideH() * planesAcross + x % window.strideW();
    return channel(c) + (plane * rows + y / window.strideH()) * pitch + x / window.strideW();
  }

  /** Copies one channel of a plain map; the padding is left as it is. */
  void copy(Reals map, int c, Reals planes) {
    for (int y = 0; y < in.height(); y++) {
      int from = (c * in.height() + y) * in.width();
      if (window.strideW() == 1) {
        planes.copy(position(c, y + window.top(), window.left()), map, from, in.width());
      } else {
        for (int x = 0; x < in.width(); x++) {
          planes.set(position(c, y + window.top(), x + window.left()), map.get(from + x));
        }
      }
    }
  }
}
