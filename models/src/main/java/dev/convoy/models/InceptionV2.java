package dev.convoy.models;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * Inception v2, or BN-Inception, twice: as the paper's table sums up (each of 4a to 4d is 576
 * wide), and with the widths and biases of the weights that were published for Caffe and PyTorch.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy: Batch Normalization: Accelerating
 *     Deep Network Training by Reducing Internal Covariate Shift</a>, figure 5
 */
final class InceptionV2 {
  private static final Pool2d HALVING = Pool2d.of(Pooling.MAX, Window.of(3).stride(2)).ceil();
  private static final Window NEIGHBOURS = Window.of(3).padding(1);

  /**
   * A row of the table: filters of the four branches and the reductions before them. A block
   * without 1×1 filters halves the size, and its pool passes through.
   */
  private record Block(
      String name,
      int one,
      int reduce3,
      int three,
      int reduceDouble,
      int twice3,
      Pooling kind,
      int pool) {
    boolean halves() {
      return one == 0;
    }
  }

  private InceptionV2() {}

  /** The table, with the pool projections of 4c and 4d as given. */
  private static Block[] blocks(int pool4c) {
    Pooling avg = Pooling.AVERAGE;
    Pooling max = Pooling.MAX;
    return new Block[] {
      new Block("3a", 64, 64, 64, 64, 96, avg, 32),
      new Block("3b", 64, 64, 96, 64, 96, avg, 64),
      new Block("3c", 0, 128, 160, 64, 96, max, 0),
      new Block("4a", 224, 64, 96, 96, 128, avg, 128),
      new Block("4b", 192, 96, 128, 96, 128, avg, 128),
      new Block("4c", 160, 128, 160, 128, 160, avg, pool4c),
      new Block("4d", 96, 128, 192, 160, 192, avg, pool4c),
      new Block("4e", 0, 128, 192, 192, 256, max, 0),
      new Block("5a", 352, 192, 320, 160, 224, avg, 128),
      new Block("5b", 352, 192, 320, 192, 224, max, 128),
    };
  }

  static Network inceptionV2(Shape input, int classes) {
    return inception(blocks(96), false, input, classes);
  }

  static Network caffe(Shape input, int classes) {
    return inception(blocks(128), true, input, classes);
  }

  private static Network inception(Block[] blocks, boolean bias, Shape input, int classes) {
    return Network.of(
        input,
        net -> {
          Net x = unit(net, "conv1_7x7_s2", Conv2d.of(64, 7).stride(2), bias);
          x = x.pool("pool1_3x3_s2", HALVING);
          x = unit(x, "conv2_3x3_reduce", Conv2d.of(64, 1), bias);
          x = unit(x, "conv2_3x3", Conv2d.of(192, 3), bias).pool("pool2_3x3_s2", HALVING);
          for (Block block : blocks) {
            x = block(x, block, bias);
          }
          return x.globalAveragePool("global_pool").flatten().linear("last_linear", classes);
        });
  }

  /** Keys lie side by side: {@code name} and {@code name_bn}. */
  private static Net unit(Net x, String name, Conv2d conv, boolean bias) {
    return x.conv(name, ConvNorm.same(conv).withBias(bias)).batchNorm(name + "_bn").relu();
  }

  private static Net block(Net x, Block block, boolean bias) {
    String name = "inception_" + block.name + "_";
    int stride = block.halves() ? 2 : 1;
    Net three = unit(x, name + "3x3_reduce", Conv2d.of(block.reduce3, 1), bias);
    three = unit(three, name + "3x3", Conv2d.of(block.three, 3).stride(stride), bias);
    Net twice = unit(x, name + "double_3x3_reduce", Conv2d.of(block.reduceDouble, 1), bias);
    twice = unit(twice, name + "double_3x3_1", Conv2d.of(block.twice3, 3), bias);
    Conv2d last = Conv2d.of(block.twice3, 3).stride(stride);
    twice = unit(twice, name + "double_3x3_2", last, bias);
    if (block.halves()) {
      return three.concat(name + "output", twice, x.pool(name + "pool", HALVING));
    }
    Net pool = x.pool(name + "pool", Pool2d.of(block.kind, NEIGHBOURS));
    pool = unit(pool, name + "pool_proj", Conv2d.of(block.pool, 1), bias);
    Net one = unit(x, name + "1x1", Conv2d.of(block.one, 1), bias);
    return one.concat(name + "output", three, twice, pool);
  }
}
