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
 * DenseNet: in a block, every layer reads the maps of all layers before it.
 *
 * @see <a href="https://arxiv.org/abs/1608.06993">Huang, Liu, van der Maaten, Weinberger: Densely
 *     Connected Convolutional Networks</a>, table 1
 */
final class DenseNet {
  /** Filters of a layer's 1×1 convolution, in growth rates. */
  private static final int BOTTLENECK = 4;

  private DenseNet() {}

  static Network densenet121(Shape input, int classes) {
    return densenet(32, input, classes, 6, 12, 24, 16);
  }

  static Network densenet161(Shape input, int classes) {
    return densenet(48, input, classes, 6, 12, 36, 24);
  }

  static Network densenet169(Shape input, int classes) {
    return densenet(32, input, classes, 6, 12, 32, 32);
  }

  static Network densenet201(Shape input, int classes) {
    return densenet(32, input, classes, 6, 12, 48, 32);
  }

  /** Blocks of so many layers, each adding {@code growth} maps. */
  private static Network densenet(int growth, Shape input, int classes, int... layers) {
    return Network.of(
        input,
        net ->
            net.scope("features", f -> features(f, growth, layers))
                .relu()
                .globalAveragePool("avgpool")
                .flatten()
                .linear("classifier", classes));
  }

  private static Net features(Net net, int growth, int... layers) {
    Net x =
        net.conv("conv0", Conv2d.of(2 * growth, 7).stride(2).padding(3).noBias())
            .batchNorm("norm0")
            .activate("relu0", Activation.RELU)
            .pool("pool0", Pool2d.of(Pooling.MAX, Window.of(3).stride(2).padding(1)));
    for (int block = 1; block <= layers.length; block++) {
      int count = layers[block - 1];
      x = x.scope("denseblock" + block, b -> denseBlock(b, growth, count));
      if (block < layers.length) {
        x = x.scope("transition" + block, DenseNet::transition);
      }
    }
    return x.batchNorm("norm5");
  }

  private static Net denseBlock(Net x, int growth, int count) {
    for (int i = 1; i <= count; i++) {
      x = x.concat(x.scope("denselayer" + i, layer -> denseLayer(layer, growth)));
    }
    return x;
  }

  private static Net denseLayer(Net x, int growth) {
    return x.batchNorm("norm1")
        .activate("relu1", Activation.RELU)
        .conv("conv1", Conv2d.of(BOTTLENECK * growth, 1).noBias())
        .batchNorm("norm2")
        .activate("relu2", Activation.RELU)
        .conv("conv2", Conv2d.of(growth, 3).padding(1).noBias());
  }

  /** Half the maps, half the size. */
  private static Net transition(Net x) {
    return x.batchNorm("norm")
        .relu()
        .conv("conv", Conv2d.of(x.shape().channels() / 2, 1).noBias())
        .pool("pool", Pool2d.of(Pooling.AVERAGE, 2));
  }
}
