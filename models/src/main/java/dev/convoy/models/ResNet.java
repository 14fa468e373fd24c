package dev.convoy.models;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * ResNet v1.5 as torchvision builds it: a bottleneck's stride sits in its 3×3 convolution.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He, Zhang, Ren, Sun: Deep Residual Learning for
 *     Image Recognition</a>, table 1
 */
final class ResNet {
  /** What a stage repeats: {@code width} filters wide, the first of a stage with its stride. */
  @FunctionalInterface
  private interface Block {
    Net append(Net x, int width, int stride);
  }

  private ResNet() {}

  static Network resnet18(Shape input, int classes) {
    return resnet(ResNet::basic, input, classes, 2, 2, 2, 2);
  }

  static Network resnet34(Shape input, int classes) {
    return resnet(ResNet::basic, input, classes, 3, 4, 6, 3);
  }

  static Network resnet50(Shape input, int classes) {
    return resnet(ResNet::bottleneck, input, classes, 3, 4, 6, 3);
  }

  static Network resnet101(Shape input, int classes) {
    return resnet(ResNet::bottleneck, input, classes, 3, 4, 23, 3);
  }

  static Network resnet152(Shape input, int classes) {
    return resnet(ResNet::bottleneck, input, classes, 3, 8, 36, 3);
  }

  /** Stem, four stages of so many blocks, 64 to 512 wide, and the classifier. */
  private static Network resnet(Block block, Shape input, int classes, int... blocks) {
    return Network.of(
        input,
        net -> {
          Net x =
              net.conv("conv1", Conv2d.of(64, 7).stride(2).padding(3).noBias())
                  .batchNorm("bn1")
                  .relu()
                  .pool("maxpool", Pool2d.of(Pooling.MAX, Window.of(3).stride(2).padding(1)));
          for (int stage = 0; stage < blocks.length; stage++) {
            x = stage(x, block, stage, blocks[stage]);
          }
          return x.globalAveragePool("avgpool").flatten().linear("fc", classes);
        });
  }

  private static Net stage(Net net, Block block, int stage, int count) {
    for (int i = 0; i < count; i++) {
      int width = 64 << stage;
      int stride = stage > 0 && i == 0 ? 2 : 1;
      net = net.scope("layer" + (stage + 1) + "." + i, x -> block.append(x, width, stride));
    }
    return net;
  }

  /** Two 3×3 convolutions. */
  private static Net basic(Net x, int width, int stride) {
    Net residual =
        x.conv("conv1", Conv2d.of(width, 3).stride(stride).padding(1).noBias())
            .batchNorm("bn1")
            .relu()
            .conv("conv2", Conv2d.of(width, 3).padding(1).noBias())
            .batchNorm("bn2");
    return residual.add(shortcut(x, width, stride)).relu();
  }

  /** 1×1 down to {@code width}, 3×3, 1×1 up to four times that. */
  private static Net bottleneck(Net x, int width, int stride) {
    Net residual =
        x.conv("conv1", Conv2d.of(width, 1).noBias())
            .batchNorm("bn1")
            .relu()
            .conv("conv2", Conv2d.of(width, 3).stride(stride).padding(1).noBias())
            .batchNorm("bn2")
            .relu()
            .conv("conv3", Conv2d.of(4 * width, 1).noBias())
            .batchNorm("bn3");
    return residual.add(shortcut(x, 4 * width, stride)).relu();
  }

  /** The block's input, projected where its shape is not the output's. */
  private static Net shortcut(Net x, int channels, int stride) {
    if (stride == 1 && x.shape().channels() == channels) {
      return x;
    }
    return x.scope(
        "downsample",
        d -> d.conv("0", Conv2d.of(channels, 1).stride(stride).noBias()).batchNorm("1"));
  }
}
