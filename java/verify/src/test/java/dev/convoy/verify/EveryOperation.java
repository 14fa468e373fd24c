package dev.convoy.verify;

import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/** A small network of odd sizes in which every operation and activation stands at least once. */
final class EveryOperation {
  private EveryOperation() {}

  static Network network() {
    return Network.of(
        Shape.chw(3, 23, 19),
        net -> {
          Net stem =
              net.conv("stem", Conv2d.of(20, 3).stride(2).padding(1).noBias())
                  .batchNorm("stem_bn")
                  .relu();
          Net deep =
              stem.conv("depthwise", Conv2d.of(20, 3).padding(1).groups(20))
                  .hardSwish()
                  .conv("grouped", Conv2d.of(20, 3).padding(2).dilation(2).groups(4).noBias())
                  .batchNorm("grouped_bn");
          Net sum = deep.add(stem).relu6().dropout(0.5);
          Net left = sum.conv("left", 7, 1).sigmoid().pool(pool(Pooling.MAX).ceil());
          Net middle = sum.conv("middle", 9, 1).silu().pool(pool(Pooling.AVERAGE).ceil());
          Net right = sum.conv("right", 5, 1).leakyRelu(0.1).pool(pool(Pooling.MIN).ceil());
          Net joined =
              left.concat(middle, right)
                  .activate(Activation.GELU)
                  .layer("lrn", new LocalResponseNorm(5, 1e-2, 0.75, 2));
          joined =
              joined
                  .multiply(joined.globalAveragePool("squeeze").conv("excite", 21, 1).sigmoid())
                  .shuffleChannels(3)
                  .channels(2, 19);
          return joined
              .pad(new Pad2d(Pad2d.Mode.REFLECT, 0, 1, 2, 0, 1))
              .activate(Activation.MISH)
              .resizeBilinear(9, 7)
              .activate(Activation.SOFTPLUS)
              .resizeNearest(11, 12)
              .pad(new Pad2d(Pad2d.Mode.EDGE, 0, 1, 0, 2, 1))
              .batchNorm("alone_bn")
              .activate(Activation.elu(0.5))
              .pad(1, 0, 0, 1)
              .layer("adaptive_max", new AdaptivePool2d(Pooling.MAX, 4, 3))
              .layer("adaptive_average", new AdaptivePool2d(Pooling.AVERAGE, 3, 2))
              .softmax()
              .flatten()
              .linear("fc1", 33)
              .hardSigmoid()
              .linear("fc2", 17)
              .tanh()
              .logSoftmax();
        });
  }

  private static Pool2d pool(Pooling kind) {
    return Pool2d.of(kind, Window.of(3).stride(2).padding(1)).excludePad();
  }
}
