package dev.convoy.bench.onnx;

import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.List;

/**
 * Pooling as ONNX operators. Sizes that we round up are written as more padding at the bottom and
 * right, never as {@code ceil_mode}, whose meaning differs between versions of ONNX.
 */
final class OnnxPooling {
  private OnnxPooling() {}

  static String add(
      OnnxNodes to, String layer, Pool2d pool, Shape in, Shape out, String input, String output) {
    Window w = pool.window();
    int bottom =
        w.bottom()
            + missing(in.height() + w.top() + w.bottom(), w.spanH(), w.strideH(), out.height());
    int right =
        w.right() + missing(in.width() + w.left() + w.right(), w.spanW(), w.strideW(), out.width());
    boolean roundedUp = bottom != w.bottom() || right != w.right();
    if (bottom >= w.kernelH()
        || right >= w.kernelW()
        || w.top() >= w.kernelH()
        || w.left() >= w.kernelW()) {
      throw new OnnxExportException(
          "layer '"
              + layer
              + "' ("
              + pool
              + "): ONNX Runtime pools only with less padding than the kernel is large");
    }
    if (pool.kind() == Pooling.AVERAGE && pool.countIncludePad() && w.hasPadding() && roundedUp) {
      // Padding counts in the average, what rounding up adds does not: make the former real pixels.
      String pads =
          to.integers(output + "/pads", 0, 0, w.top(), w.left(), 0, 0, w.bottom(), w.right());
      String zero = to.scalar(output + "/zero", 0);
      String padded = to.add("Pad", List.of(input, pads, zero), output + "/padded");
      Window inner = w.padding(0, 0, bottom - w.bottom(), right - w.right());
      return window(to, Pooling.AVERAGE, inner, false, padded, output);
    }
    return window(
        to,
        pool.kind(),
        w.padding(w.top(), w.left(), bottom, right),
        pool.countIncludePad() && !roundedUp,
        input,
        output);
  }

  /** Rows or columns that windows need beyond {@code size}; 0 where the size was rounded down. */
  private static int missing(int size, int span, int stride, int windows) {
    return Math.max(0, (windows - 1) * stride + span - size);
  }

  static String addAdaptive(
      OnnxNodes to, String layer, AdaptivePool2d pool, Shape in, String input, String output) {
    if (pool.height() == 1 && pool.width() == 1 && pool.kind() != Pooling.MIN) {
      return to.add(
          pool.kind() == Pooling.MAX ? "GlobalMaxPool" : "GlobalAveragePool",
          List.of(input),
          output);
    }
    if (pool.height() == in.height() && pool.width() == in.width()) {
      return to.add("Identity", List.of(input), output);
    }
    int[] h = equalWindows(in.height(), pool.height());
    int[] w = equalWindows(in.width(), pool.width());
    if (h.length == 0 || w.length == 0) {
      throw new OnnxExportException(
          "layer '"
              + layer
              + "' ("
              + pool
              + "): the windows over a map of "
              + in
              + " differ in size, which ONNX has no operator for");
    }
    Window window = Window.of(h[0], w[0]).stride(h[1], w[1]);
    return window(to, pool.kind(), window, false, input, output);
  }

  /** Kernel and stride of n windows over a side if they are all alike, else nothing. */
  private static int[] equalWindows(int size, int n) {
    int kernel = (size + n - 1) / n;
    int stride = n == 1 ? 1 : size / n;
    for (int i = 0; i < n; i++) {
      int start = i * size / n;
      int end = ((i + 1) * size + n - 1) / n;
      if (start != i * stride || end - start != kernel) {
        return new int[0];
      }
    }
    return new int[] {kernel, stride};
  }

  private static String window(
      OnnxNodes to, Pooling kind, Window w, boolean includePad, String input, String output) {
    OnnxNodes.Attributes attributes = windowAttributes(w);
    return switch (kind) {
      case AVERAGE ->
          to.add(
              "AveragePool",
              List.of(input),
              output,
              attributes.with("count_include_pad", includePad ? 1 : 0));
      case MAX -> to.add("MaxPool", List.of(input), output, attributes);
      case MIN -> {
        String negative = to.add("Neg", List.of(input), output + "/negative");
        String largest = to.add("MaxPool", List.of(negative), output + "/largest", attributes);
        yield to.add("Neg", List.of(largest), output);
      }
    };
  }

  /** What convolutions and poolings say about their window. */
  static OnnxNodes.Attributes windowAttributes(Window w) {
    return OnnxNodes.attributes()
        .with("kernel_shape", new int[] {w.kernelH(), w.kernelW()})
        .with("strides", new int[] {w.strideH(), w.strideW()})
        .with("dilations", new int[] {w.dilationH(), w.dilationW()})
        .with("pads", new int[] {w.top(), w.left(), w.bottom(), w.right()});
  }
}
