package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * MNASNet-B1, found by search for accuracy and latency on a phone, at widths of 0.5 to 1.3.
 *
 * @see <a href="https://arxiv.org/abs/1807.11626">Tan, Chen, Pang, Vasudevan, Sandler, Howard, Le:
 *     MnasNet: Platform-Aware Neural Architecture Search for Mobile</a>, figure 7
 */
final class MnasNet {
  private static final ConvNorm RELU = new ConvNorm(1e-5, Activation.RELU);

  /** Channels, kernel, stride of the first, expansion, repeats. */
  private static final int[][] STACKS = {
    {24, 3, 2, 3, 3},
    {40, 5, 2, 3, 3},
    {80, 5, 2, 6, 3},
    {96, 3, 1, 6, 2},
    {192, 5, 2, 6, 4},
    {320, 3, 1, 6, 1},
  };

  private MnasNet() {}

  static Network mnasnet05(Shape input, int classes) {
    return mnasnet(0.5, input, classes);
  }

  static Network mnasnet075(Shape input, int classes) {
    return mnasnet(0.75, input, classes);
  }

  static Network mnasnet10(Shape input, int classes) {
    return mnasnet(1.0, input, classes);
  }

  static Network mnasnet13(Shape input, int classes) {
    return mnasnet(1.3, input, classes);
  }

  private static Network mnasnet(double width, Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.scope("layers", l -> layers(l, width))
                .globalAveragePool("avgpool")
                .flatten()
                .scope("classifier", c -> c.dropout("0", 0.2).linear("1", classes)));
  }

  private static Net layers(Net net, double width) {
    Net x = RELU.append(net, 0, Conv2d.of(Widths.multipleOf8(32 * width), 3).stride(2));
    x = RELU.append(x, 3, ConvNorm.depthwise(x, 3, 1));
    x = RELU.linear().append(x, 6, Conv2d.of(Widths.multipleOf8(16 * width), 1));
    for (int i = 0; i < STACKS.length; i++) {
      int[] stack = STACKS[i];
      x = x.scope("" + (8 + i), s -> stack(s, stack, Widths.multipleOf8(stack[0] * width)));
    }
    return RELU.append(x, 14, Conv2d.of(1280, 1));
  }

  private static Net stack(Net x, int[] stack, int channels) {
    for (int i = 0; i < stack[4]; i++) {
      int stride = i == 0 ? stack[2] : 1;
      x = x.scope("" + i, s -> invertedResidual(s, stack[1], stride, stack[3], channels));
    }
    return x;
  }

  private static Net invertedResidual(Net x, int kernel, int stride, int expansion, int channels) {
    Net residual =
        x.scope(
            "layers",
            s -> {
              s = RELU.append(s, 0, Conv2d.of(expansion * s.shape().channels(), 1));
              s = RELU.append(s, 3, ConvNorm.depthwise(s, kernel, stride));
              return RELU.linear().append(s, 6, Conv2d.of(channels, 1));
            });
    return residual.shape().equals(x.shape()) ? residual.add(x) : residual;
  }
}
