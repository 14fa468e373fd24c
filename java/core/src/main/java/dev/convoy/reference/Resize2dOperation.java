package dev.convoy.reference;

import dev.convoy.graph.Resize2d;
import dev.convoy.tensor.Shape;
import java.util.List;

/** A map resampled: each output pixel reads one input pixel, or mixes four. */
record Resize2dOperation(Resize2d op, Shape in, Shape out) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals map = inputs.get(0);
    workers.share(
        out.channels(),
        4 * out.size(),
        c -> {
          int to = c * out.height() * out.width();
          for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
              output.set(
                  to++,
                  switch (op.mode()) {
                    case NEAREST -> nearest(map, c, y, x);
                    case BILINEAR -> bilinear(map, c, y, x);
                  });
            }
          }
        });
  }

  private double nearest(Reals map, int c, int y, int x) {
    int fromY = (int) ((long) y * in.height() / out.height());
    int fromX = (int) ((long) x * in.width() / out.width());
    return pixel(map, c, fromY, fromX);
  }

  private double bilinear(Reals map, int c, int y, int x) {
    double atY = position(y, in.height(), out.height());
    double atX = position(x, in.width(), out.width());
    int top = (int) atY;
    int left = (int) atX;
    int bottom = Math.min(top + 1, in.height() - 1);
    int right = Math.min(left + 1, in.width() - 1);
    double upper = lerp(pixel(map, c, top, left), pixel(map, c, top, right), atX - left);
    double lower = lerp(pixel(map, c, bottom, left), pixel(map, c, bottom, right), atX - left);
    return lerp(upper, lower, atY - top);
  }

  private double position(int dst, int size, int newSize) {
    if (op.alignCorners()) {
      return newSize == 1 ? 0 : (double) dst * (size - 1) / (newSize - 1);
    }
    return Math.max(0, (dst + 0.5) * size / newSize - 0.5);
  }

  private double pixel(Reals map, int c, int y, int x) {
    return map.get((c * in.height() + y) * in.width() + x);
  }

  private static double lerp(double a, double b, double t) {
    return a + (b - a) * t;
  }
}
