package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * ConvNeXt: a ResNet with the choices of vision transformers, 7×7 depthwise convolutions, layer
 * norm, and few activations.
 *
 * @see <a href="https://arxiv.org/abs/2201.03545">Liu, Mao, Wu, Feichtenhofer, Darrell, Xie: A
 *     ConvNet for the 2020s</a>, table 9
 */
final class ConvNeXt {
  private static final double EPS = 1e-6;

  /** Width of a block's middle, in widths of its ends. */
  private static final int EXPANSION = 4;

  private ConvNeXt() {}

  static Network tiny(Shape input, int classes) {
    return convnext(96, input, classes, 3, 3, 9, 3);
  }

  static Network small(Shape input, int classes) {
    return convnext(96, input, classes, 3, 3, 27, 3);
  }

  static Network base(Shape input, int classes) {
    return convnext(128, input, classes, 3, 3, 27, 3);
  }

  static Network large(Shape input, int classes) {
    return convnext(192, input, classes, 3, 3, 27, 3);
  }

  /** Stages of so many blocks, the first one {@code width} wide, each twice as wide as the last. */
  private static Network convnext(int width, Shape input, int classes, int... blocks) {
    return Network.of(
        input,
        net ->
            net.scope("features", f -> features(f, width, blocks))
                .globalAveragePool("avgpool")
                .scope("classifier", c -> c.layerNorm("0", EPS).flatten("1").linear("2", classes)));
  }

  private static Net features(Net net, int width, int... blocks) {
    Net x = net.scope("0", s -> s.conv("0", Conv2d.of(width, 4).stride(4)).layerNorm("1", EPS));
    for (int stage = 0; stage < blocks.length; stage++) {
      int count = blocks[stage];
      if (stage > 0) {
        int wide = width << stage;
        x =
            x.scope(
                "" + 2 * stage, s -> s.layerNorm("0", EPS).conv("1", Conv2d.of(wide, 2).stride(2)));
      }
      x = x.scope("" + (2 * stage + 1), s -> stage(s, count));
    }
    return x;
  }

  private static Net stage(Net x, int blocks) {
    for (int i = 0; i < blocks; i++) {
      x = x.scope("" + i, ConvNeXt::block);
    }
    return x;
  }

  private static Net block(Net x) {
    int channels = x.shape().channels();
    return x.scope(
            "block",
            b ->
                b.conv("0", Conv2d.of(channels, 7).padding(3).groups(channels))
                    .layerNorm("2", EPS)
                    .pointwiseLinear("3", EXPANSION * channels)
                    .activate("4", Activation.GELU)
                    .pointwiseLinear("5", channels))
        .layerScale("layer_scale")
        .add(x);
  }
}
