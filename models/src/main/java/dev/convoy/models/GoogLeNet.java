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
 * GoogLeNet, or Inception v1, as torchvision builds it: with batch normalisation, and 3×3 filters
 * where the paper's last branch has 5×5.
 *
 * <p>The two auxiliary heads of training are part of published checkpoints. They are built beside
 * the trunk, so that their weights have a place, but nothing reads them in inference.
 *
 * @see <a href="https://arxiv.org/abs/1409.4842">Szegedy et al.: Going Deeper with
 *     Convolutions</a>, table 1
 */
final class GoogLeNet {
  private static final ConvNorm RELU = new ConvNorm(1e-3, Activation.RELU);

  /** A row of the table: filters of the four branches, the reductions before the 3×3. */
  private record Inception(
      String name, int one, int reduce3, int three, int reduce5, int five, int pool) {}

  private static final Inception[] STAGE_3 = {
    new Inception("inception3a", 64, 96, 128, 16, 32, 32),
    new Inception("inception3b", 128, 128, 192, 32, 96, 64),
  };
  private static final Inception[] STAGE_4 = {
    new Inception("inception4a", 192, 96, 208, 16, 48, 64),
    new Inception("inception4b", 160, 112, 224, 24, 64, 64),
    new Inception("inception4c", 128, 128, 256, 24, 64, 64),
    new Inception("inception4d", 112, 144, 288, 32, 64, 64),
    new Inception("inception4e", 256, 160, 320, 32, 128, 128),
  };
  private static final Inception[] STAGE_5 = {
    new Inception("inception5a", 256, 160, 320, 32, 128, 128),
    new Inception("inception5b", 384, 192, 384, 48, 128, 128),
  };

  private GoogLeNet() {}

  static Network googlenet(Shape input, int classes) {
    return googlenet(true, input, classes);
  }

  static Network withoutAuxiliaryHeads(Shape input, int classes) {
    return googlenet(false, input, classes);
  }

  private static Network googlenet(boolean heads, Shape input, int classes) {
    return Network.of(
        input,
        net -> {
          Net x = unit(net, "conv1", Conv2d.of(64, 7).stride(2)).pool("maxpool1", halving(3));
          x = unit(x, "conv2", Conv2d.of(64, 1));
          x = unit(x, "conv3", Conv2d.of(192, 3)).pool("maxpool2", halving(3));
          for (Inception block : STAGE_3) {
            x = inception(x, block);
          }
          x = x.pool("maxpool3", halving(3));
          for (Inception block : STAGE_4) {
            x = inception(x, block);
            if (heads && block.name.equals("inception4a")) {
              head(x, "aux1", classes);
            }
            if (heads && block.name.equals("inception4d")) {
              head(x, "aux2", classes);
            }
          }
          x = x.pool("maxpool4", halving(2));
          for (Inception block : STAGE_5) {
            x = inception(x, block);
          }
          return x.globalAveragePool("avgpool").flatten().dropout(0.2).linear("fc", classes);
        });
  }

  private static Net unit(Net x, String name, Conv2d conv) {
    return RELU.append(x, name, "conv", conv, "bn");
  }

  private static Pool2d halving(int kernel) {
    return Pool2d.of(Pooling.MAX, Window.of(kernel).stride(2)).ceil();
  }

  private static Net inception(Net net, Inception block) {
    return net.scope(
        block.name,
        x -> {
          Pool2d neighbours = Pool2d.of(Pooling.MAX, Window.of(3).padding(1)).ceil();
          Net one = unit(x, "branch1", Conv2d.of(block.one, 1));
          Net three = reduced(x, "branch2", block.reduce3, block.three);
          Net five = reduced(x, "branch3", block.reduce5, block.five);
          Net pool =
              x.scope("branch4", b -> unit(b.pool("0", neighbours), "1", Conv2d.of(block.pool, 1)));
          return one.concat(three, five, pool);
        });
  }

  private static Net reduced(Net x, String branch, int reduce, int filters) {
    return x.scope(
        branch, b -> unit(unit(b, "0", Conv2d.of(reduce, 1)), "1", Conv2d.of(filters, 3)));
  }

  private static void head(Net net, String name, int classes) {
    net.scope(
        name,
        x ->
            unit(x.adaptiveAveragePool("avgpool", 4, 4), "conv", Conv2d.of(128, 1))
                .flatten()
                .linear("fc1", 1024)
                .relu()
                .dropout(0.7)
                .linear("fc2", classes));
  }
}
