package dev.convoy.vision;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pillow's resampling of 8-bit images, pixel for pixel, one output row after the other.
 *
 * <p>A horizontal pass rounds to 8 bits, a vertical pass follows; both are sums of integers, so
 * they may be cut down to the window of the result that is wanted, and to the input rows it needs.
 * Only the horizontally resized rows that the current output row reads are kept, in a ring.
 */
final class Resampling {
  /** Takes finished rows, top to bottom; the array that holds them is used again. */
  interface RowSink {
    void row(int y);
  }

  private final Image image;
  private final Window window;
  private final byte[] row;
  private final int rowOffset;

  /**
   * The part of the resized image that is wanted.
   *
   * @param width the whole resized image's width
   * @param height its height
   * @param left first column wanted
   * @param top first row wanted
   * @param columns columns wanted
   * @param rows rows wanted
   */
  record Window(int width, int height, int left, int top, int columns, int rows) {
    static Window all(int width, int height) {
      return new Window(width, height, 0, 0, width, height);
    }
  }

  /** Rows of the window are written to {@code row} from {@code rowOffset} on, RGB interleaved. */
  Resampling(Image image, Window window, byte[] row, int rowOffset) {
    this.image = image;
    this.window = window;
    this.row = row;
    this.rowOffset = rowOffset;
  }

  void run(Filter filter, RowSink sink) {
    if (window.width == image.width() && window.height == image.height()) {
      copy(sink);
    } else if (filter == Filter.NEAREST) {
      nearest(sink);
    } else {
      convolve(filter, sink);
    }
  }

  private void copy(RowSink sink) {
    for (int y = 0; y < window.rows; y++) {
      int from = ((window.top + y) * image.width() + window.left) * 3;
      System.arraycopy(image.pixels(), from, row, rowOffset, window.columns * 3);
      sink.row(y);
    }
  }

  private void nearest(RowSink sink) {
    int[] columns = nearestIndices(image.width(), window.width);
    int[] rows = nearestIndices(image.height(), window.height);
    byte[] in = image.pixels();
    for (int y = 0; y < window.rows; y++) {
      int from = rows[window.top + y];
      if (from < 0) {
        Arrays.fill(row, rowOffset, rowOffset + window.columns * 3, (byte) 0);
      } else {
        int base = from * image.width() * 3;
        for (int x = 0, to = rowOffset; x < window.columns; x++, to += 3) {
          int column = columns[window.left + x];
          if (column < 0) {
            row[to] = row[to + 1] = row[to + 2] = 0;
          } else {
            int p = base + column * 3;
            row[to] = in[p];
            row[to + 1] = in[p + 1];
            row[to + 2] = in[p + 2];
          }
        }
      }
      sink.row(y);
    }
  }

  /**
   * The input index under each output centre; -1 where Pillow leaves black. Its affine transform
   * adds the scale step by step, and the sum's rounding error is part of the result.
   */
  private static int[] nearestIndices(int in, int out) {
    double scale = (double) in / out;
    double position = scale * 0.5;
    int[] indices = new int[out];
    for (int i = 0; i < out; i++) {
      int index = (int) position;
      indices[i] = index < in ? index : -1;
      position += scale;
    }
    return indices;
  }

  private void convolve(Filter filter, RowSink sink) {
    ResampleAxis across =
        window.width == image.width()
            ? null
            : new ResampleAxis(filter, image.width(), window.width, window.left, window.columns);
    ResampleAxis down =
        window.height == image.height()
            ? null
            : new ResampleAxis(filter, image.height(), window.height, window.top, window.rows);
    int width = window.columns * 3;
    int[] sums = new int[width];
    int[][] ring = new int[down == null ? 1 : down.maxCount][width];
    int next = 0;
    for (int y = 0; y < window.rows; y++) {
      int start = down == null ? window.top + y : down.starts[y];
      int end = start + (down == null ? 1 : down.counts[y]);
      for (next = Math.max(next, start); next < end; next++) {
        inputRow(across, next, ring[next % ring.length]);
      }
      if (down == null) {
        int[] only = ring[start % ring.length];
        for (int i = 0; i < width; i++) {
          row[rowOffset + i] = (byte) only[i];
        }
      } else {
        Arrays.fill(sums, ResampleAxis.HALF);
        for (int k = 0; k < end - start; k++) {
          addScaled(sums, ring[(start + k) % ring.length], down.weights[y * down.taps + k]);
        }
        for (int i = 0; i < width; i++) {
          row[rowOffset + i] = (byte) clip(sums[i]);
        }
      }
      sink.row(y);
    }
  }

  /** Kept apart and plain: the JIT compiler turns this loop into vector instructions. */
  private static void addScaled(int[] sums, int[] values, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i] * weight;
    }
  }

  /** The wanted columns of input row {@code y}, after the horizontal pass, as 0…255. */
  private void inputRow(@Nullable ResampleAxis across, int y, int[] out) {
    byte[] in = image.pixels();
    int base = y * image.width() * 3;
    if (across == null) {
      int from = base + window.left * 3;
      for (int i = 0; i < out.length; i++) {
        out[i] = in[from + i] & 0xff;
      }
      return;
    }
    int[] weights = across.weights;
    for (int x = 0, to = 0; x < across.starts.length; x++, to += 3) {
      int red = ResampleAxis.HALF;
      int green = ResampleAxis.HALF;
      int blue = ResampleAxis.HALF;
      int p = base + across.starts[x] * 3;
      int first = x * across.taps;
      int last = first + across.counts[x];
      for (int k = first; k < last; k++, p += 3) {
        int weight = weights[k];
        red += (in[p] & 0xff) * weight;
        green += (in[p + 1] & 0xff) * weight;
        blue += (in[p + 2] & 0xff) * weight;
      }
      out[to] = clip(red);
      out[to + 1] = clip(green);
      out[to + 2] = clip(blue);
    }
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> ResampleAxis.PRECISION_BITS));
  }
}
