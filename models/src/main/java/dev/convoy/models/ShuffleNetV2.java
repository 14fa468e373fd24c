package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * ShuffleNet v2: half of the channels pass by untouched, and a shuffle mixes the halves.
 *
 * @see <a href="https://arxiv.org/abs/1807.11164">Ma, Zhang, Zheng, Sun: ShuffleNet V2: Practical
 *     Guidelines for Efficient CNN Architecture Design</a>, table 5
 */
final class ShuffleNetV2 {
  private static final ConvNorm RELU = new ConvNorm(1e-5, Activation.RELU);

  /** Units of stages 2 to 4. */
  private static final int[] REPEATS = {4, 8, 4};

  private ShuffleNetV2() {}

  static Network x05(Shape input, int classes) {
    return shufflenet(1024, input, classes, 48, 96, 192);
  }

  static Network x10(Shape input, int classes) {
    return shufflenet(1024, input, classes, 116, 232, 464);
  }

  static Network x15(Shape input, int classes) {
    return shufflenet(1024, input, classes, 176, 352, 704);
  }

  static Network x20(Shape input, int classes) {
    return shufflenet(2048, input, classes, 244, 488, 976);
  }

  /** Stages so wide, and features of the last convolution. */
  private static Network shufflenet(int features, Shape input, int classes, int... widths) {
    return Network.of(
        input,
        net -> {
          Net x =
              RELU.append(net, "conv1", Conv2d.of(24, 3).stride(2))
                  .pool("maxpool", Pool2d.of(Pooling.MAX, Window.of(3).stride(2).padding(1)));
          for (int stage = 0; stage < REPEATS.length; stage++) {
            int half = widths[stage] / 2;
            for (int i = 0; i < REPEATS[stage]; i++) {
              boolean first = i == 0;
              x =
                  x.scope(
                      "stage" + (stage + 2) + "." + i,
                      s -> (first ? halving(s, half) : unit(s, half)).shuffleChannels(2));
            }
          }
          return RELU.append(x, "conv5", Conv2d.of(features, 1))
              .globalAveragePool("avgpool")
              .flatten()
              .linear("fc", classes);
        });
  }

  /** Half of the channels as they are, half through {@code branch2}. */
  private static Net unit(Net x, int half) {
    Net passed = x.channels(0, half);
    return passed.concat(x.channels(half, 2 * half).scope("branch2", s -> branch2(s, half, 1)));
  }

  /** All channels through both branches, which halve the size. */
  private static Net halving(Net x, int half) {
    Net left =
        x.scope(
            "branch1",
            s -> {
              s = RELU.linear().append(s, 0, ConvNorm.depthwise(s, 3, 2));
              return RELU.append(s, 2, Conv2d.of(half, 1));
            });
    return left.concat(x.scope("branch2", s -> branch2(s, half, 2)));
  }

  private static Net branch2(Net x, int half, int stride) {
    Net s = RELU.append(x, 0, Conv2d.of(half, 1));
    s = RELU.linear().append(s, 3, ConvNorm.depthwise(s, 3, stride));
    return RELU.append(s, 5, Conv2d.of(half, 1));
  }
}
