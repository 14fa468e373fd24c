package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * EfficientNet: one network found by search, and seven that are wider and deeper by given factors.
 * Version 2 begins with full convolutions where version 1 has depthwise ones.
 *
 * @see <a href="https://arxiv.org/abs/1905.11946">Tan, Le: EfficientNet: Rethinking Model Scaling
 *     for Convolutional Neural Networks</a>, table 1
 * @see <a href="https://arxiv.org/abs/2104.00298">Tan, Le: EfficientNetV2: Smaller Models and
 *     Faster Training</a>, table 4
 */
final class EfficientNet {
  private static final SqueezeExcitation EXCITATION =
      new SqueezeExcitation(Activation.SILU, Activation.SIGMOID);
  private static final boolean FUSED = true;
  private static final boolean MB = false;

  /**
   * A row of the tables.
   *
   * @param fused whether expansion and depthwise convolution are one full convolution
   * @param stride of the first of {@code layers} blocks
   */
  private record Stage(
      boolean fused, int expansion, int kernel, int stride, int channels, int layers) {
    Stage scaled(double width, double depth) {
      int scaledLayers = (int) Math.ceil(layers * depth);
      return new Stage(
          fused, expansion, kernel, stride, Widths.multipleOf8(channels * width), scaledLayers);
    }
  }

  private static final Stage[] B0 = {
    new Stage(MB, 1, 3, 1, 16, 1),
    new Stage(MB, 6, 3, 2, 24, 2),
    new Stage(MB, 6, 5, 2, 40, 2),
    new Stage(MB, 6, 3, 2, 80, 3),
    new Stage(MB, 6, 5, 1, 112, 3),
    new Stage(MB, 6, 5, 2, 192, 4),
    new Stage(MB, 6, 3, 1, 320, 1),
  };

  private static final Stage[] V2_S = {
    new Stage(FUSED, 1, 3, 1, 24, 2),
    new Stage(FUSED, 4, 3, 2, 48, 4),
    new Stage(FUSED, 4, 3, 2, 64, 4),
    new Stage(MB, 4, 3, 2, 128, 6),
    new Stage(MB, 6, 3, 1, 160, 9),
    new Stage(MB, 6, 3, 2, 256, 15),
  };

  private static final Stage[] V2_M = {
    new Stage(FUSED, 1, 3, 1, 24, 3),
    new Stage(FUSED, 4, 3, 2, 48, 5),
    new Stage(FUSED, 4, 3, 2, 80, 5),
    new Stage(MB, 4, 3, 2, 160, 7),
    new Stage(MB, 6, 3, 1, 176, 14),
    new Stage(MB, 6, 3, 2, 304, 18),
    new Stage(MB, 6, 3, 1, 512, 5),
  };

  private static final Stage[] V2_L = {
    new Stage(FUSED, 1, 3, 1, 32, 4),
    new Stage(FUSED, 4, 3, 2, 64, 7),
    new Stage(FUSED, 4, 3, 2, 96, 7),
    new Stage(MB, 4, 3, 2, 192, 10),
    new Stage(MB, 6, 3, 1, 224, 19),
    new Stage(MB, 6, 3, 2, 384, 25),
    new Stage(MB, 6, 3, 1, 640, 7),
  };

  private EfficientNet() {}

  static Network b0(Shape input, int classes) {
    return scaled(1.0, 1.0, 0.2, 1e-5, input, classes);
  }

  static Network b1(Shape input, int classes) {
    return scaled(1.0, 1.1, 0.2, 1e-5, input, classes);
  }

  static Network b2(Shape input, int classes) {
    return scaled(1.1, 1.2, 0.3, 1e-5, input, classes);
  }

  static Network b3(Shape input, int classes) {
    return scaled(1.2, 1.4, 0.3, 1e-5, input, classes);
  }

  static Network b4(Shape input, int classes) {
    return scaled(1.4, 1.8, 0.4, 1e-5, input, classes);
  }

  static Network b5(Shape input, int classes) {
    return scaled(1.6, 2.2, 0.4, 1e-3, input, classes);
  }

  static Network b6(Shape input, int classes) {
    return scaled(1.8, 2.6, 0.5, 1e-3, input, classes);
  }

  static Network b7(Shape input, int classes) {
    return scaled(2.0, 3.1, 0.5, 1e-3, input, classes);
  }

  static Network v2s(Shape input, int classes) {
    return efficientnet(24, V2_S, 1280, 0.2, 1e-3, input, classes);
  }

  static Network v2m(Shape input, int classes) {
    return efficientnet(24, V2_M, 1280, 0.3, 1e-3, input, classes);
  }

  static Network v2l(Shape input, int classes) {
    return efficientnet(32, V2_L, 1280, 0.4, 1e-3, input, classes);
  }

  private static Network scaled(
      double width, double depth, double dropout, double eps, Shape input, int classes) {
    Stage[] stages = new Stage[B0.length];
    for (int i = 0; i < stages.length; i++) {
      stages[i] = B0[i].scaled(width, depth);
    }
    int stem = Widths.multipleOf8(32 * width);
    int head = 4 * stages[stages.length - 1].channels;
    return efficientnet(stem, stages, head, dropout, eps, input, classes);
  }

  private static Network efficientnet(
      int stem, Stage[] stages, int head, double dropout, double eps, Shape input, int classes) {
    ConvNorm unit = new ConvNorm(eps, Activation.SILU);
    return Network.of(
        input,
        net ->
            net.scope("features", f -> features(f, unit, stem, stages, head))
                .globalAveragePool("avgpool")
                .flatten()
                .scope("classifier", c -> c.dropout("0", dropout).linear("1", classes)));
  }

  private static Net features(Net net, ConvNorm unit, int stem, Stage[] stages, int head) {
    Net x = unit.append(net, "0", Conv2d.of(stem, 3).stride(2));
    for (int i = 0; i < stages.length; i++) {
      Stage stage = stages[i];
      x =
          x.scope(
              "" + (i + 1),
              s -> {
                for (int layer = 0; layer < stage.layers; layer++) {
                  int stride = layer == 0 ? stage.stride : 1;
                  s = s.scope("" + layer, b -> block(b, unit, stage, stride));
                }
                return s;
              });
    }
    return unit.append(x, "" + (stages.length + 1), Conv2d.of(head, 1));
  }

  /** The input is added where the shape stays; stochastic depth is for training. */
  private static Net block(Net x, ConvNorm unit, Stage stage, int stride) {
    int wide = Widths.multipleOf8((double) x.shape().channels() * stage.expansion);
    Net residual =
        x.scope(
            "block",
            s ->
                stage.fused
                    ? fused(s, unit, stage, stride, wide)
                    : inverted(s, unit, stage, stride, wide));
    return residual.shape().equals(x.shape()) ? residual.add(x) : residual;
  }

  private static Net inverted(Net x, ConvNorm unit, Stage stage, int stride, int wide) {
    int squeezed = Math.max(1, x.shape().channels() / 4);
    Net s = x;
    int index = 0;
    if (wide != x.shape().channels()) {
      s = unit.append(s, "" + index++, Conv2d.of(wide, 1));
    }
    s = unit.append(s, "" + index++, ConvNorm.depthwise(s, stage.kernel, stride));
    s = EXCITATION.append(s, "" + index++, squeezed);
    return unit.linear().append(s, "" + index, Conv2d.of(stage.channels, 1));
  }

  private static Net fused(Net x, ConvNorm unit, Stage stage, int stride, int wide) {
    if (wide == x.shape().channels()) {
      return unit.append(x, "0", Conv2d.of(stage.channels, stage.kernel).stride(stride));
    }
    Net s = unit.append(x, "0", Conv2d.of(wide, stage.kernel).stride(stride));
    return unit.linear().append(s, "1", Conv2d.of(stage.channels, 1));
  }
}
