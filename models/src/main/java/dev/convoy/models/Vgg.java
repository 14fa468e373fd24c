package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * VGG: stacks of 3×3 convolutions between 2×2 max pools, as torchvision builds them, plain or with
 * batch normalisation.
 *
 * @see <a href="https://arxiv.org/abs/1409.1556">Simonyan, Zisserman: Very Deep Convolutional
 *     Networks for Large-Scale Image Recognition</a>, table 1
 */
final class Vgg {
  private Vgg() {}

  static Network vgg11(Shape input, int classes) {
    return vgg(false, input, classes, 1, 1, 2, 2, 2);
  }

  static Network vgg11Bn(Shape input, int classes) {
    return vgg(true, input, classes, 1, 1, 2, 2, 2);
  }

  static Network vgg13(Shape input, int classes) {
    return vgg(false, input, classes, 2, 2, 2, 2, 2);
  }

  static Network vgg13Bn(Shape input, int classes) {
    return vgg(true, input, classes, 2, 2, 2, 2, 2);
  }

  static Network vgg16(Shape input, int classes) {
    return vgg(false, input, classes, 2, 2, 3, 3, 3);
  }

  static Network vgg16Bn(Shape input, int classes) {
    return vgg(true, input, classes, 2, 2, 3, 3, 3);
  }

  static Network vgg19(Shape input, int classes) {
    return vgg(false, input, classes, 2, 2, 4, 4, 4);
  }

  static Network vgg19Bn(Shape input, int classes) {
    return vgg(true, input, classes, 2, 2, 4, 4, 4);
  }

  /** So many convolutions before each of the five pools. */
  private static Network vgg(boolean batchNorm, Shape input, int classes, int... convolutions) {
    return Network.of(
        input,
        net ->
            net.scope("features", features -> features(features, batchNorm, convolutions))
                .adaptiveAveragePool("avgpool", 7, 7)
                .flatten()
                .scope(
                    "classifier",
                    c ->
                        c.linear("0", 4096)
                            .activate("1", Activation.RELU)
                            .dropout("2", 0.5)
                            .linear("3", 4096)
                            .activate("4", Activation.RELU)
                            .dropout("5", 0.5)
                            .linear("6", classes)));
  }

  private static Net features(Net net, boolean batchNorm, int... convolutions) {
    int index = 0;
    for (int block = 0; block < convolutions.length; block++) {
      int width = Math.min(64 << block, 512);
      for (int i = 0; i < convolutions[block]; i++) {
        net = net.conv("" + index++, Conv2d.of(width, 3).padding(1));
        if (batchNorm) {
          net = net.batchNorm("" + index++);
        }
        net = net.activate("" + index++, Activation.RELU);
      }
      net = net.pool("" + index++, Pool2d.of(Pooling.MAX, 2));
    }
    return net;
  }
}
