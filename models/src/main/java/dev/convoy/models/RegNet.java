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
 * @see <a href="https://arxiv.org/abs/2003.13678">Radosavovic, Kosaraju, Girshick, He, Dollár:
 *     Designing Network Design Spaces</a>, figures 16 and 17
 */
final class RegNet {
  private static final ConvNorm RELU = new ConvNorm(1e-5, Activation.RELU);
  private static final SqueezeExcitation EXCITATION =
      new SqueezeExcitation(Activation.RELU, Activation.SIGMOID);

  /**
   * A network of the figures.
   *
   * @param blocks of each stage
   * @param widths of each stage
   * @param groupWidth channels of a group of the 3×3 convolutions
   * @param excited whether blocks have squeeze-and-excitation, to a quarter of their input
   */
  private record Config(
      List<Integer> blocks, List<Integer> widths, int groupWidth, boolean excited) {}

  private static final Config X_400MF =
      new Config(List.of(1, 2, 7, 12), List.of(32, 64, 160, 400), 16, false);
  private static final Config Y_400MF =
      new Config(List.of(1, 3, 6, 6), List.of(48, 104, 208, 440), 8, true);

  private RegNet() {}

  static Network x400mf(Shape input, int classes) {
    return regnet(X_400MF, input, classes);
  }

  static Network y400mf(Shape input, int classes) {
    return regnet(Y_400MF, input, classes);
  }

  private static Network regnet(Config config, Shape input, int classes) {
    return Network.of(
        input,
        net ->
            RELU.append(net, "stem", Conv2d.of(32, 3).stride(2))
                .scope("trunk_output", trunk -> trunk(trunk, config))
                .globalAveragePool("avgpool")
                .flatten()
                .linear("fc", classes));
  }

  private static Net trunk(Net x, Config config) {
    for (int stage = 0; stage < config.blocks.size(); stage++) {
      int width = config.widths.get(stage);
      for (int i = 0; i < config.blocks.get(stage); i++) {
        String name = "block%d.block%d-%d".formatted(stage + 1, stage + 1, i);
        int stride = i == 0 ? 2 : 1;
        x = x.scope(name, s -> block(s, config, width, stride));
      }
    }
    return x;
  }

  private static Net block(Net x, Config config, int width, int stride) {
    Net residual =
        x.scope(
            "f",
            s -> {
              s = RELU.append(s, "a", Conv2d.of(width, 1));
              Conv2d grouped = Conv2d.of(width, 3).stride(stride).groups(width / config.groupWidth);
              s = RELU.append(s, "b", grouped);
              if (config.excited) {
                s = EXCITATION.append(s, "se", Math.round(x.shape().channels() / 4f));
              }
              return RELU.linear().append(s, "c", Conv2d.of(width, 1));
            });
    boolean same = stride == 1 && residual.shape().equals(x.shape());
    Net shortcut = same ? x : RELU.linear().append(x, "proj", Conv2d.of(width, 1).stride(stride));
    return residual.add(shortcut).activate("activation", Activation.RELU);
  }
}
