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
 * Inception v3 as torchvision builds it: large filters factored into small ones and into rows and
 * columns. Made for images of 299×299.
 *
 * <p>The auxiliary head of training is part of published checkpoints; see {@link GoogLeNet}.
 *
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy, Vanhoucke, Ioffe, Shlens, Wojna:
 *     Rethinking the Inception Architecture for Computer Vision</a>, table 1, figures 5 to 7 and 10
 */
final class InceptionV3 {
  private static final ConvNorm RELU = new ConvNorm(1e-3, Activation.RELU);
  private static final Pool2d HALVING = Pool2d.of(Pooling.MAX, Window.of(3).stride(2));
  private static final Pool2d NEIGHBOURS = Pool2d.of(Pooling.AVERAGE, Window.of(3).padding(1));

  private InceptionV3() {}

  static Network inceptionV3(Shape input, int classes) {
    return inception(true, input, classes);
  }

  static Network withoutAuxiliaryHead(Shape input, int classes) {
    return inception(false, input, classes);
  }

  private static Network inception(boolean head, Shape input, int classes) {
    return Network.of(
        input,
        net -> {
          Net x = shrink(net, "Conv2d_1a_3x3", 32, 2);
          x = shrink(x, "Conv2d_2a_3x3", 32, 1);
          x = same(x, "Conv2d_2b_3x3", 64, 3, 3).pool("maxpool1", HALVING);
          x = same(x, "Conv2d_3b_1x1", 80, 1, 1);
          x = shrink(x, "Conv2d_4a_3x3", 192, 1).pool("maxpool2", HALVING);
          x = x.scope("Mixed_5b", s -> squares(s, 32));
          x = x.scope("Mixed_5c", s -> squares(s, 64));
          x = x.scope("Mixed_5d", s -> squares(s, 64));
          x = x.scope("Mixed_6a", InceptionV3::reduceTo17);
          x = x.scope("Mixed_6b", s -> lines(s, 128));
          x = x.scope("Mixed_6c", s -> lines(s, 160));
          x = x.scope("Mixed_6d", s -> lines(s, 160));
          x = x.scope("Mixed_6e", s -> lines(s, 192));
          if (head) {
            x.scope("AuxLogits", s -> head(s, classes));
          }
          x = x.scope("Mixed_7a", InceptionV3::reduceTo8);
          x = x.scope("Mixed_7b", InceptionV3::crosses);
          x = x.scope("Mixed_7c", InceptionV3::crosses);
          return x.globalAveragePool("avgpool").flatten().dropout(0.5).linear("fc", classes);
        });
  }

  private static Net same(Net x, String name, int filters, int kernelH, int kernelW) {
    return RELU.append(x, name, "conv", Conv2d.of(filters, Window.of(kernelH, kernelW)), "bn");
  }

  private static Net one(Net x, String name, int filters) {
    return same(x, name, filters, 1, 1);
  }

  /** A 3×3 convolution without padding. */
  private static Net shrink(Net x, String name, int filters, int stride) {
    return unpadded(x, name, Conv2d.of(filters, 3).stride(stride));
  }

  private static Net unpadded(Net x, String name, Conv2d conv) {
    return x.scope(name, s -> s.conv("conv", conv.noBias()).batchNorm("bn", RELU.eps()).relu());
  }

  private static Net poolBranch(Net x, int filters) {
    return one(x.pool("pool", NEIGHBOURS), "branch_pool", filters);
  }

  /** Figure 5: 5×5, and twice 3×3. */
  private static Net squares(Net x, int pool) {
    Net five = same(one(x, "branch5x5_1", 48), "branch5x5_2", 64, 5, 5);
    Net dbl = one(x, "branch3x3dbl_1", 64);
    dbl = same(dbl, "branch3x3dbl_2", 96, 3, 3);
    dbl = same(dbl, "branch3x3dbl_3", 96, 3, 3);
    return one(x, "branch1x1", 64).concat(five, dbl, poolBranch(x, pool));
  }

  /** Figure 10, from 35×35 pixels. */
  private static Net reduceTo17(Net x) {
    Net three = shrink(x, "branch3x3", 384, 2);
    Net dbl = one(x, "branch3x3dbl_1", 64);
    dbl = same(dbl, "branch3x3dbl_2", 96, 3, 3);
    dbl = shrink(dbl, "branch3x3dbl_3", 96, 2);
    return three.concat(dbl, x.pool("pool", HALVING));
  }

  /** Figure 6: 7×7 as a row and a column, once and twice. */
  private static Net lines(Net x, int width) {
    Net seven = one(x, "branch7x7_1", width);
    seven = same(seven, "branch7x7_2", width, 1, 7);
    seven = same(seven, "branch7x7_3", 192, 7, 1);
    Net dbl = one(x, "branch7x7dbl_1", width);
    dbl = same(dbl, "branch7x7dbl_2", width, 7, 1);
    dbl = same(dbl, "branch7x7dbl_3", width, 1, 7);
    dbl = same(dbl, "branch7x7dbl_4", width, 7, 1);
    dbl = same(dbl, "branch7x7dbl_5", 192, 1, 7);
    return one(x, "branch1x1", 192).concat(seven, dbl, poolBranch(x, 192));
  }

  /** Figure 10, from 17×17 pixels. */
  private static Net reduceTo8(Net x) {
    Net three = shrink(one(x, "branch3x3_1", 192), "branch3x3_2", 320, 2);
    Net seven = one(x, "branch7x7x3_1", 192);
    seven = same(seven, "branch7x7x3_2", 192, 1, 7);
    seven = same(seven, "branch7x7x3_3", 192, 7, 1);
    seven = shrink(seven, "branch7x7x3_4", 192, 2);
    return three.concat(seven, x.pool("pool", HALVING));
  }

  /** Figure 7: a row and a column side by side. */
  private static Net crosses(Net x) {
    Net three = one(x, "branch3x3_1", 384);
    three = rowAndColumn(three, "branch3x3_2");
    Net dbl = one(x, "branch3x3dbl_1", 448);
    dbl = same(dbl, "branch3x3dbl_2", 384, 3, 3);
    dbl = rowAndColumn(dbl, "branch3x3dbl_3");
    return one(x, "branch1x1", 320).concat(three, dbl, poolBranch(x, 192));
  }

  private static Net rowAndColumn(Net x, String name) {
    return same(x, name + "a", 384, 1, 3).concat(same(x, name + "b", 384, 3, 1));
  }

  /**
   * On maps smaller than its windows (images below 203 pixels) the head gets padding: it is not
   * run, but its weights need their place.
   */
  private static Net head(Net x, int classes) {
    Window pool = Window.of(5).stride(3);
    Net small = x.pool("pool", Pool2d.of(Pooling.AVERAGE, pool.padding(missing(x, 5))));
    small = one(small, "conv0", 128);
    return unpadded(small, "conv1", Conv2d.of(768, 5).padding(missing(small, 5)))
        .globalAveragePool("avgpool")
        .flatten()
        .linear("fc", classes);
  }

  private static int missing(Net x, int size) {
    return Math.min(x.shape().height(), x.shape().width()) < size ? size / 2 : 0;
  }
}
