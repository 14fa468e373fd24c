package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * MobileNet v3: inverted residuals with squeeze-and-excitation and hard swish, found by search.
 *
 * @see <a href="https://arxiv.org/abs/1905.02244">Howard et al.: Searching for MobileNetV3</a>,
 *     tables 1 and 2
 */
final class MobileNetV3 {
  private static final double EPS = 1e-3;
  private static final ConvNorm HARD_SWISH = new ConvNorm(EPS, Activation.HARD_SWISH);
  private static final ConvNorm RELU = new ConvNorm(EPS, Activation.RELU);
  private static final SqueezeExcitation EXCITATION =
      new SqueezeExcitation(Activation.RELU, Activation.HARD_SIGMOID);
  private static final boolean SE = true;
  private static final boolean NO = false;

  /** A row of the tables. */
  private record Row(
      int kernel, int expanded, int out, boolean excited, ConvNorm unit, int stride) {}

  private static final Row[] LARGE = {
    new Row(3, 16, 16, NO, RELU, 1),
    new Row(3, 64, 24, NO, RELU, 2),
    new Row(3, 72, 24, NO, RELU, 1),
    new Row(5, 72, 40, SE, RELU, 2),
    new Row(5, 120, 40, SE, RELU, 1),
    new Row(5, 120, 40, SE, RELU, 1),
    new Row(3, 240, 80, NO, HARD_SWISH, 2),
    new Row(3, 200, 80, NO, HARD_SWISH, 1),
    new Row(3, 184, 80, NO, HARD_SWISH, 1),
    new Row(3, 184, 80, NO, HARD_SWISH, 1),
    new Row(3, 480, 112, SE, HARD_SWISH, 1),
    new Row(3, 672, 112, SE, HARD_SWISH, 1),
    new Row(5, 672, 160, SE, HARD_SWISH, 2),
    new Row(5, 960, 160, SE, HARD_SWISH, 1),
    new Row(5, 960, 160, SE, HARD_SWISH, 1),
  };

  private static final Row[] SMALL = {
    new Row(3, 16, 16, SE, RELU, 2),
    new Row(3, 72, 24, NO, RELU, 2),
    new Row(3, 88, 24, NO, RELU, 1),
    new Row(5, 96, 40, SE, HARD_SWISH, 2),
    new Row(5, 240, 40, SE, HARD_SWISH, 1),
    new Row(5, 240, 40, SE, HARD_SWISH, 1),
    new Row(5, 120, 48, SE, HARD_SWISH, 1),
    new Row(5, 144, 48, SE, HARD_SWISH, 1),
    new Row(5, 288, 96, SE, HARD_SWISH, 2),
    new Row(5, 576, 96, SE, HARD_SWISH, 1),
    new Row(5, 576, 96, SE, HARD_SWISH, 1),
  };

  private MobileNetV3() {}

  static Network large(Shape input, int classes) {
    return mobilenet(LARGE, 1280, input, classes);
  }

  static Network small(Shape input, int classes) {
    return mobilenet(SMALL, 1024, input, classes);
  }

  private static Network mobilenet(Row[] rows, int features, Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.scope("features", f -> features(f, rows))
                .globalAveragePool("avgpool")
                .flatten()
                .scope(
                    "classifier",
                    c ->
                        c.linear("0", features)
                            .activate("1", Activation.HARD_SWISH)
                            .dropout("2", 0.2)
                            .linear("3", classes)));
  }

  private static Net features(Net net, Row[] rows) {
    Net x = HARD_SWISH.append(net, "0", Conv2d.of(16, 3).stride(2));
    for (int i = 0; i < rows.length; i++) {
      Row row = rows[i];
      x = x.scope("" + (i + 1), s -> invertedResidual(s, row));
    }
    return HARD_SWISH.append(x, "" + (rows.length + 1), Conv2d.of(6 * x.shape().channels(), 1));
  }

  private static Net invertedResidual(Net x, Row row) {
    Net residual =
        x.scope(
            "block",
            s -> {
              int index = 0;
              if (row.expanded != s.shape().channels()) {
                s = row.unit.append(s, "" + index++, Conv2d.of(row.expanded, 1));
              }
              Conv2d spatial = ConvNorm.depthwise(s, row.kernel, row.stride);
              s = row.unit.append(s, "" + index++, spatial);
              if (row.excited) {
                int squeezed = Widths.multipleOf8(row.expanded / 4.0);
                s = EXCITATION.append(s, "" + index++, squeezed);
              }
              return row.unit.linear().append(s, "" + index, Conv2d.of(row.out, 1));
            });
    return residual.shape().equals(x.shape()) ? residual.add(x) : residual;
  }
}
