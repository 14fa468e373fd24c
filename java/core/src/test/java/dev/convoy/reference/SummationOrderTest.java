package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documented order, written once more without any cleverness, gives the same bits. */
class SummationOrderTest {
  record Problem(Conv2d op, Shape in) {}

  static List<Problem> problems() {
    return List.of(
        new Problem(Conv2d.of(5, 3).padding(1), Shape.chw(37, 6, 7)),
        new Problem(Conv2d.of(6, 3).padding(1).stride(2).groups(2), Shape.chw(34, 9, 8)),
        new Problem(Conv2d.of(3, 5).padding(4).stride(3).dilation(2), Shape.chw(17, 13, 11)),
        new Problem(Conv2d.of(4, 1), Shape.chw(100, 30, 31)),
        new Problem(Conv2d.of(2, Window.of(2).stride(9, 5).padding(1)), Shape.chw(3, 4, 11)),
        new Problem(
            Conv2d.of(8, Window.of(2, 7).stride(1, 3).padding(0, 2, 1, 5)).groups(4),
            Shape.chw(8, 10, 20)));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void a_convolution_adds_in_the_documented_order(Problem problem) {
    Conv2d op = problem.op.withResidual().with(Activation.RELU);
    Shape in = problem.in;
    Shape out = problem.op.infer(List.of(in));
    Shape filters = op.parameters(List.of(in)).get(0).shape();
    float[] w = GoldenNumbers.signed("w", filters.intSize());
    float[] b = GoldenNumbers.signed("b", out.channels());
    float[] x = GoldenNumbers.signed("x", in.intSize());
    float[] r = GoldenNumbers.signed("r", out.intSize());

    float[] expected = new float[out.intSize()];
    for (int o = 0; o < out.channels(); o++) {
      for (int y = 0; y < out.height(); y++) {
        for (int c = 0; c < out.width(); c++) {
          int i = (o * out.height() + y) * out.width() + c;
          float sum = sum(op, in, filters, w, x, b[o] + 0f, o, y, c) + r[i];
          expected[i] = Math.max(sum, 0);
        }
      }
    }
    float[] actual = new float[expected.length];
    var graph = SingleLayer.of(op, in, out);
    try (var network =
            ReferenceBackend.float32()
                .compile(
                    graph,
                    key ->
                        key.endsWith("bias")
                            ? new Tensor(Shape.of(b.length), b)
                            : new Tensor(filters, w),
                    CompileOptions.DEFAULT);
        var execution = network.open()) {
      execution.run(1, new float[][] {x, r}, new float[][] {actual});
    }
    assertArrayEquals(expected, actual, 0f);
  }

  private static float sum(
      Conv2d op, Shape in, Shape filters, float[] w, float[] x, float start, int o, int y, int c) {
    Window window = op.window();
    int perGroup = filters.dim(1);
    int firstChannel = o / (op.outChannels() / op.groups()) * perGroup;
    float acc = start;
    for (int block = 0; block < perGroup; block += 16) {
      for (int ky = 0; ky < window.kernelH(); ky++) {
        for (int kx = 0; kx < window.kernelW(); kx++) {
          for (int i = block; i < block + 16 && i < perGroup; i++) {
            int py = y * window.strideH() - window.top() + ky * window.dilationH();
            int px = c * window.strideW() - window.left() + kx * window.dilationW();
            boolean inside = py >= 0 && py < in.height() && px >= 0 && px < in.width();
            int pixel = ((firstChannel + i) * in.height() + py) * in.width() + px;
            int weight = ((o * perGroup + i) * window.kernelH() + ky) * window.kernelW() + kx;
            acc = Math.fma(w[weight], inside ? x[pixel] : 0, acc);
          }
        }
      }
    }
    return acc;
  }

  @Test
  void a_linear_layer_adds_in_ascending_order_from_the_bias() {
    float[] w = GoldenNumbers.signed("w", 3 * 1000);
    float[] b = GoldenNumbers.signed("b", 3);
    float[] x = GoldenNumbers.signed("x", 1000);
    float[] expected = b.clone();
    for (int o = 0; o < 3; o++) {
      for (int k = 0; k < 1000; k++) {
        expected[o] = Math.fma(w[o * 1000 + k], x[k], expected[o]);
      }
    }
    assertArrayEquals(
        expected,
        OneLayer.run(Linear.of(3), Map.of("weight", w, "bias", b), Shape.of(1000), x),
        0f);
  }

  /** fma(0, 0, −0) is −0 + 0 = +0, but fma(−0, 1, −0) is −0: the start decides. */
  @Test
  void a_negative_zero_bias_starts_as_positive_zero() {
    Map<String, float[]> parameters =
        Map.of("weight", new float[] {-0f}, "bias", new float[] {-0f});
    float[] linear = OneLayer.run(Linear.of(1), parameters, Shape.of(1), new float[] {1});
    float[] conv = OneLayer.run(Conv2d.of(1, 1), parameters, Shape.chw(1, 1, 1), new float[] {1});
    assertEquals(Float.floatToIntBits(0f), Float.floatToIntBits(linear[0]));
    assertEquals(Float.floatToIntBits(0f), Float.floatToIntBits(conv[0]));
  }
}
