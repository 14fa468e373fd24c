package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * MobileNet v1: depthwise 3×3 and pointwise 1×1 convolutions in turn, at widths of 1, 0.75, 0.5 and
 * 0.25. The paper speaks of ReLU; most published weights were trained with ReLU6.
 *
 * @see <a href="https://arxiv.org/abs/1704.04861">Howard et al.: MobileNets: Efficient
 *     Convolutional Neural Networks for Mobile Vision Applications</a>, table 1
 */
final class MobileNetV1 {
  /** Channels behind each pair of convolutions, and the stride of its depthwise one. */
  private static final int[][] PAIRS = {
    {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
  };

  private MobileNetV1() {}

  static Network mobilenetV1(Shape input, int classes) {
    return mobilenet(1, Activation.RELU, input, classes);
  }

  static Network relu6(Shape input, int classes) {
    return mobilenet(1, Activation.RELU6, input, classes);
  }

  static Network threeQuarters(Shape input, int classes) {
    return mobilenet(0.75, Activation.RELU, input, classes);
  }

  static Network half(Shape input, int classes) {
    return mobilenet(0.5, Activation.RELU, input, classes);
  }

  static Network quarter(Shape input, int classes) {
    return mobilenet(0.25, Activation.RELU, input, classes);
  }

  static Network threeQuartersRelu6(Shape input, int classes) {
    return mobilenet(0.75, Activation.RELU6, input, classes);
  }

  static Network halfRelu6(Shape input, int classes) {
    return mobilenet(0.5, Activation.RELU6, input, classes);
  }

  static Network quarterRelu6(Shape input, int classes) {
    return mobilenet(0.25, Activation.RELU6, input, classes);
  }

  private static Network mobilenet(double width, Activation function, Shape input, int classes) {
    ConvNorm unit = new ConvNorm(1e-5, function);
    return Network.of(
        input,
        net ->
            net.scope("features", f -> features(f, unit, width))
                .globalAveragePool("avgpool")
                .flatten()
                .linear("classifier", classes));
  }

  private static Net features(Net net, ConvNorm unit, double width) {
    Net x = unit.append(net, "0", Conv2d.of((int) (32 * width), 3).stride(2));
    for (int i = 0; i < PAIRS.length; i++) {
      int channels = (int) (PAIRS[i][0] * width);
      int stride = PAIRS[i][1];
      x =
          x.scope(
              "" + (i + 1),
              s -> {
                Net spatial = unit.append(s, 0, ConvNorm.depthwise(s, 3, stride));
                return unit.append(spatial, 3, Conv2d.of(channels, 1));
              });
    }
    return x;
  }
}
