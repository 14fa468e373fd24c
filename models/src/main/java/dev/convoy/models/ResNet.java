package dev.convoy.models;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * ResNet v1.5 as torchvision builds it: a bottleneck's stride sits in its 3×3 convolution. ResNeXt
 * and Wide ResNet differ in the bottleneck's middle only.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He, Zhang, Ren, Sun: Deep Residual Learning for
 *     Image Recognition</a>, table 1
 * @see <a href="https://arxiv.org/abs/1611.05431">Xie, Girshick, Dollár, Tu, He: Aggregated
 *     Residual Transformations for Deep Neural Networks</a>, table 1
 * @see <a href="https://arxiv.org/abs/1605.07146">Zagoruyko, Komodakis: Wide Residual Networks</a>
 */
final class ResNet {
  /**
   * What a stage repeats: {@code width} is 64 to 512, the first block of a stage has its stride.
   */
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
    return resnet(bottleneck(1, 64), input, classes, 3, 4, 6, 3);
  }

  static Network resnet101(Shape input, int classes) {
    return resnet(bottleneck(1, 64), input, classes, 3, 4, 23, 3);
  }

  static Network resnet152(Shape input, int classes) {
    return resnet(bottleneck(1, 64), input, classes, 3, 8, 36, 3);
  }

  static Network resnext50x32x4d(Shape input, int classes) {
    return resnet(bottleneck(32, 4), input, classes, 3, 4, 6, 3);
  }

  static Network resnext101x32x8d(Shape input, int classes) {
    return resnet(bottleneck(32, 8), input, classes, 3, 4, 23, 3);
  }

  static Network resnext101x64x4d(Shape input, int classes) {
    return resnet(bottleneck(64, 4), input, classes, 3, 4, 23, 3);
  }

  static Network wideResnet50x2(Shape input, int classes) {
    return resnet(bottleneck(1, 128), input, classes, 3, 4, 6, 3);
  }

  static Network wideResnet101x2(Shape input, int classes) {
    return resnet(bottleneck(1, 128), input, classes, 3, 4, 23, 3);
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

  /** 1×1 down, 3×3 in groups so wide at the first stage's width of 64, 1×1 up again. */
  private static Block bottleneck(int groups, int widthPerGroup) {
    return (x, width, stride) -> bottleneck(x, width, stride, groups, widthPerGroup);
  }

  private static Net bottleneck(Net x, int width, int stride, int groups, int widthPerGroup) {
    int inner = width * widthPerGroup / 64 * groups;
    Net residual =
        x.conv("conv1", Conv2d.of(inner, 1).noBias())
            .batchNorm("bn1")
            .relu()
            .conv("conv2", Conv2d.of(inner, 3).stride(stride).padding(1).groups(groups).noBias())
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
