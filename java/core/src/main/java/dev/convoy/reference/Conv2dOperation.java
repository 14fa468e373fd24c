package dev.convoy.reference;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution in the documented order.
 *
 * <p>The input is first copied into {@link StridePlanes}, where the pixels under one kernel element
 * are neighbours for neighbouring outputs. So a run of output pixels is one {@link
 * Reals#accumulate}: each keeps a sum of its own, and each sum takes its terms in the same order.
 */
final class Conv2dOperation implements Operation {
  /** Channels of a block in the documented order; part of the definition, not a tuning knob. */
  private static final int BLOCK = 16;

  /** Output pixels at a time: few enough that their sums stay in the first cache. */
  private static final int PIXELS = 512;

  private final Conv2d op;
  private final Shape in;
  private final Shape out;
  private final Precision precision;
  private final StridePlanes planes;

  /** Where in the planes of a group's channels each term of a sum lies, in the documented order. */
  private final int[] offsets;

  /** {@code [out channel][term]}, the terms in the documented order. */
  private final Reals weights;

  private final @Nullable Reals bias;

  Conv2dOperation(
      Conv2d op, Shape in, Shape out, Reals filters, @Nullable Reals bias, Precision precision) {
    this.op = op;
    this.in = in;
    this.out = out;
    this.precision = precision;
    this.bias = bias;
    this.planes = new StridePlanes(op.window(), in);
    int perGroup = in.channels() / op.groups();
    Window window = op.window();
    int terms = Shape.of(perGroup, window.kernelH(), window.kernelW()).intSize();
    this.offsets = new int[terms];
    this.weights = precision.zeros(Shape.of(out.channels(), terms).intSize());
    int term = 0;
    for (int block = 0; block < perGroup; block += BLOCK) {
      for (int y = 0; y < window.kernelH(); y++) {
        for (int x = 0; x < window.kernelW(); x++) {
          for (int c = block; c < Math.min(block + BLOCK, perGroup); c++) {
            offsets[term] = planes.offset(c, y, x);
            int from = (c * window.kernelH() + y) * window.kernelW() + x;
            for (int o = 0; o < out.channels(); o++) {
              weights.set(o * terms + term, filters.get(o * terms + from));
            }
            term++;
          }
        }
      }
    }
  }

  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals padded = precision.zeros(planes.size());
    long work = out.size() * offsets.length;
    workers.share(in.channels(), in.size(), c -> planes.copy(inputs.get(0), c, padded));
    Reals residual = op.residual() ? inputs.get(1) : null;
    workers.share(out.channels(), work, o -> channel(o, padded, residual, output));
  }

  private void channel(int o, Reals padded, @Nullable Reals residual, Reals output) {
    ActivationFunction activation = new ActivationFunction(op.activation(), precision);
    int group = o / (out.channels() / op.groups());
    int firstChannel = group * (in.channels() / op.groups());
    double start = bias == null ? 0 : bias.get(o) + 0.0;
    int width = out.width();
    int pitch = planes.pitch();
    int rows = Math.max(1, Math.min(out.height(), PIXELS / pitch));
    Reals sums = precision.zeros(rows * pitch);
    for (int top = 0; top < out.height(); top += rows) {
      int rowsHere = Math.min(rows, out.height() - top);
      // Rows follow each other with the planes' pitch; what lies between them is computed too and
      // left alone.
      int count = (rowsHere - 1) * pitch + width;
      int from = planes.channel(firstChannel) + top * pitch;
      sums.fill(0, count, start);
      sums.accumulate(0, count, padded, from, offsets, weights, o * offsets.length);
      for (int y = 0; y < rowsHere; y++) {
        int to = (o * out.height() + top + y) * width;
        for (int x = 0; x < width; x++) {
          double sum = sums.get(y * pitch + x);
          if (residual != null) {
            sum = precision.round(sum + residual.get(to + x));
          }
          output.set(to + x, activation.of(sum));
        }
      }
    }
  }
}
