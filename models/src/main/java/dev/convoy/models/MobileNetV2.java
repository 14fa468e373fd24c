package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * MobileNet v2: inverted residuals, whose wide middle is a depthwise convolution and whose narrow
 * ends are linear.
 *
 * @see <a href="https://arxiv.org/abs/1801.04381">Sandler, Howard, Zhu, Zhmoginov, Chen:
 *     MobileNetV2: Inverted Residuals and Linear Bottlenecks</a>, table 2
 */
final class MobileNetV2 {
  private static final ConvNorm RELU6 = new ConvNorm(1e-5, Activation.RELU6);

  /** The table's t, c, n, s: expansion, output channels, repeats, stride of the first. */
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1},
  };

  private MobileNetV2() {}

  static Network mobilenetV2(Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.scope("features", MobileNetV2::features)
                .globalAveragePool("avgpool")
                .flatten()
                .scope("classifier", c -> c.dropout("0", 0.2).linear("1", classes)));
  }

  private static Net features(Net net) {
    Net x = RELU6.append(net, "0", Conv2d.of(32, 3).stride(2));
    int index = 1;
    for (int[] stage : STAGES) {
      for (int i = 0; i < stage[2]; i++) {
        int stride = i == 0 ? stage[3] : 1;
        x = x.scope("" + index++, s -> invertedResidual(s, stage[0], stage[1], stride));
      }
    }
    return RELU6.append(x, "" + index, Conv2d.of(1280, 1));
  }

  private static Net invertedResidual(Net x, int expansion, int channels, int stride) {
    Net residual =
        x.scope(
            "conv",
            s -> {
              int index = 0;
              if (expansion != 1) {
                int wide = expansion * s.shape().channels();
                s = RELU6.append(s, "" + index++, Conv2d.of(wide, 1));
              }
              s = RELU6.append(s, "" + index++, ConvNorm.depthwise(s, 3, stride));
              return RELU6.linear().append(s, index, Conv2d.of(channels, 1));
            });
    return residual.shape().equals(x.shape()) ? residual.add(x) : residual;
  }
}
