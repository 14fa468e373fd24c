package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.util.List;

/**
 * RegNet: stages whose widths follow a quantised line; Y is X with squeeze-and-excitation.
 *
 * @param blocks of each stage
 * @param widths of each stage
 * @param groupWidth channels of a group of the 3×3 convolutions, where a stage has as many
 * @param excited whether blocks have squeeze-and-excitation, to a quarter of their input
 * @see <a href="https://arxiv.org/abs/2003.13678">Radosavovic, Kosaraju, Girshick, He, Dollár:
 *     Designing Network Design Spaces</a>, figures 16 and 17; widths as torchvision rounds them to
 *     whole groups
 */
record RegNet(List<Integer> blocks, List<Integer> widths, int groupWidth, boolean excited)
    implements Architecture.Builder {
  private static final ConvNorm RELU = new ConvNorm(1e-5, Activation.RELU);
  private static final SqueezeExcitation EXCITATION =
      new SqueezeExcitation(Activation.RELU, Activation.SIGMOID);
  private static final boolean X = false;
  private static final boolean Y = true;

  static final RegNet X_400MF = new RegNet(List.of(1, 2, 7, 12), List.of(32, 64, 160, 400), 16, X);
  static final RegNet X_800MF = new RegNet(List.of(1, 3, 7, 5), List.of(64, 128, 288, 672), 16, X);
  static final RegNet X_1_6GF = new RegNet(List.of(2, 4, 10, 2), List.of(72, 168, 408, 912), 24, X);
  static final RegNet X_3_2GF =
      new RegNet(List.of(2, 6, 15, 2), List.of(96, 192, 432, 1008), 48, X);
  static final RegNet X_8GF = new RegNet(List.of(2, 5, 15, 1), List.of(80, 240, 720, 1920), 120, X);
  static final RegNet X_16GF =
      new RegNet(List.of(2, 6, 13, 1), List.of(256, 512, 896, 2048), 128, X);
  static final RegNet X_32GF =
      new RegNet(List.of(2, 7, 13, 1), List.of(336, 672, 1344, 2520), 168, X);

  static final RegNet Y_400MF = new RegNet(List.of(1, 3, 6, 6), List.of(48, 104, 208, 440), 8, Y);
  static final RegNet Y_800MF = new RegNet(List.of(1, 3, 8, 2), List.of(64, 144, 320, 784), 16, Y);
  static final RegNet Y_1_6GF = new RegNet(List.of(2, 6, 17, 2), List.of(48, 120, 336, 888), 24, Y);
  static final RegNet Y_3_2GF =
      new RegNet(List.of(2, 5, 13, 1), List.of(72, 216, 576, 1512), 24, Y);
  static final RegNet Y_8GF = new RegNet(List.of(2, 4, 10, 1), List.of(224, 448, 896, 2016), 56, Y);
  static final RegNet Y_16GF =
      new RegNet(List.of(2, 4, 11, 1), List.of(224, 448, 1232, 3024), 112, Y);
  static final RegNet Y_32GF =
      new RegNet(List.of(2, 5, 12, 1), List.of(232, 696, 1392, 3712), 232, Y);
  static final RegNet Y_128GF =
      new RegNet(List.of(2, 7, 17, 1), List.of(528, 1056, 2904, 7392), 264, Y);

  @Override
  public Network build(Shape input, int classes) {
    return Network.of(
        input,
        net ->
            RELU.append(net, "stem", Conv2d.of(32, 3).stride(2))
                .scope("trunk_output", this::trunk)
                .globalAveragePool("avgpool")
                .flatten()
                .linear("fc", classes));
  }

  private Net trunk(Net x) {
    for (int stage = 0; stage < blocks.size(); stage++) {
      int width = widths.get(stage);
      for (int i = 0; i < blocks.get(stage); i++) {
        String name = "block" + (stage + 1) + ".block" + (stage + 1) + "-" + i;
        int stride = i == 0 ? 2 : 1;
        x = x.scope(name, s -> block(s, width, stride));
      }
    }
    return x;
  }

  private Net block(Net x, int width, int stride) {
    int groups = Math.max(1, width / groupWidth);
    Net residual =
        x.scope(
            "f",
            s -> {
              s = RELU.append(s, "a", Conv2d.of(width, 1));
              Conv2d grouped = Conv2d.of(width, 3).stride(stride).groups(groups);
              s = RELU.append(s, "b", grouped);
              if (excited) {
                s = EXCITATION.append(s, "se", Math.round(x.shape().channels() / 4f));
              }
              return RELU.linear().append(s, "c", Conv2d.of(width, 1));
            });
    boolean same = stride == 1 && residual.shape().equals(x.shape());
    Net shortcut = same ? x : RELU.linear().append(x, "proj", Conv2d.of(width, 1).stride(stride));
    return residual.add(shortcut).activate("activation", Activation.RELU);
  }
}
