package dev.convoy.graph;

import dev.convoy.tensor.ShapeException;

/**
 * The sliding window of a convolution or a pooling: kernel, stride, dilation and zero padding, in
 * pixels.
 *
 * <p>Output size: {@code floor((in + padding - dilation * (kernel - 1) - 1) / stride) + 1}, which
 * for dilation 1 is the textbook's {@code (W - F + 2P) / S + 1}.
 */
public record Window(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int dilationH,
    int dilationW,
    int top,
    int left,
    int bottom,
    int right) {

  public Window {
    if (kernelH < 1
        || kernelW < 1
        || strideH < 1
        || strideW < 1
        || dilationH < 1
        || dilationW < 1) {
      throw new ShapeException(
          "kernel %dx%d, stride %dx%d, dilation %dx%d: each must be at least 1"
              .formatted(kernelH, kernelW, strideH, strideW, dilationH, dilationW));
    }
    if (top < 0 || left < 0 || bottom < 0 || right < 0) {
      throw new ShapeException(
          "padding (top %d, left %d, bottom %d, right %d) must not be negative"
              .formatted(top, left, bottom, right));
    }
    if (span(dilationH, kernelH) > Integer.MAX_VALUE
        || span(dilationW, kernelW) > Integer.MAX_VALUE) {
      throw new ShapeException(
          "kernel %dx%d with dilation %dx%d spans more than 2^31 pixels"
              .formatted(kernelH, kernelW, dilationH, dilationW));
    }
  }

  /** A square window with stride 1 and no padding. */
  public static Window of(int kernel) {
    return of(kernel, kernel);
  }

  /** A window of the given height and width, with stride 1 and no padding. */
  public static Window of(int kernelH, int kernelW) {
    return new Window(kernelH, kernelW, 1, 1, 1, 1, 0, 0, 0, 0);
  }

  /** Whether an output pixel depends on the input pixel at its own place alone. */
  public boolean isPointwise() {
    return kernelH == 1
        && kernelW == 1
        && strideH == 1
        && strideW == 1
        && top == 0
        && left == 0
        && bottom == 0
        && right == 0;
  }

  public Window stride(int stride) {
    return stride(stride, stride);
  }

  public Window stride(int h, int w) {
    return new Window(kernelH, kernelW, h, w, dilationH, dilationW, top, left, bottom, right);
  }

  public Window dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  public Window dilation(int h, int w) {
    return new Window(kernelH, kernelW, strideH, strideW, h, w, top, left, bottom, right);
  }

  public Window padding(int padding) {
    return padding(padding, padding);
  }

  /** The same padding above and below, and the same left and right. */
  public Window padding(int vertical, int horizontal) {
    return padding(vertical, horizontal, vertical, horizontal);
  }

  public Window padding(int top, int left, int bottom, int right) {
    return new Window(
        kernelH, kernelW, strideH, strideW, dilationH, dilationW, top, left, bottom, right);
  }

  /** Rows that the dilated kernel spans. */
  public int spanH() {
    return (int) span(dilationH, kernelH);
  }

  /** Columns that the dilated kernel spans. */
  public int spanW() {
    return (int) span(dilationW, kernelW);
  }

  private static long span(int dilation, int kernel) {
    return dilation * (kernel - 1L) + 1;
  }

  /**
   * Output rows for an input of this height; throws {@link ShapeException} if the kernel is taller
   * than it with its padding, or that is no int.
   */
  public int outputHeight(int height) {
    return output("height", height, (long) top + bottom, spanH(), strideH);
  }

  /**
   * Output columns for an input of this width; throws {@link ShapeException} if the kernel is wider
   * than it with its padding, or that is no int.
   */
  public int outputWidth(int width) {
    return output("width", width, (long) left + right, spanW(), strideW);
  }

  private static int output(String side, int size, long padding, int span, int stride) {
    long padded = size + padding;
    if (padded > Integer.MAX_VALUE) {
      throw new ShapeException(
          "the padded %s %d + %d is more than 2^31 pixels".formatted(side, size, padding));
    }
    if (padded < span) {
      throw new ShapeException(
          "a kernel spanning %d does not fit in the padded %s %d + %d: expected at least %d"
              .formatted(span, side, size, padding, span));
    }
    return (int) (padded - span) / stride + 1;
  }

  public boolean hasPadding() {
    return (top | left | bottom | right) != 0;
  }

  /** {@code 3x3 stride 2 pad 1}; parts at their default are left out. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(kernelH).append('x').append(kernelW);
    pair(text, " stride ", strideH, strideW, 1);
    pair(text, " dilation ", dilationH, dilationW, 1);
    if (top == bottom && left == right) {
      pair(text, " pad ", top, left, 0);
    } else {
      text.append(" pad " + top + "," + left + "," + bottom + "," + right);
    }
    return text.toString();
  }

  private static void pair(StringBuilder text, String label, int h, int w, int unless) {
    if (h == w && h != unless) {
      text.append(label).append(h);
    } else if (h != w) {
      text.append(label).append(h).append('x').append(w);
    }
  }
}
