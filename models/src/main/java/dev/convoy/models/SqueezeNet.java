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
 * SqueezeNet: "fire modules" that squeeze to few maps and expand them with 1×1 and 3×3 filters side
 * by side.
 *
 * @see <a href="https://arxiv.org/abs/1602.07360">Iandola et al.: SqueezeNet: AlexNet-level
 *     accuracy with 50x fewer parameters and &lt;0.5MB model size</a>, table 1; 1.1 is the authors'
 *     faster variant
 */
final class SqueezeNet {
  private static final Pool2d POOL = Pool2d.of(Pooling.MAX, Window.of(3).stride(2)).ceil();

  /** Squeezed maps of each fire module, which expands to eight times as many; 0 is a pool. */
  private static final int[] FIRES_1_0 = {16, 16, 32, 0, 32, 48, 48, 64, 0, 64};

  private static final int[] FIRES_1_1 = {16, 16, 0, 32, 32, 0, 48, 48, 64, 64};

  private SqueezeNet() {}

  static Network squeezenet10(Shape input, int classes) {
    return squeezenet(Conv2d.of(96, 7).stride(2), FIRES_1_0, input, classes);
  }

  static Network squeezenet11(Shape input, int classes) {
    return squeezenet(Conv2d.of(64, 3).stride(2), FIRES_1_1, input, classes);
  }

  private static Network squeezenet(Conv2d stem, int[] fires, Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.scope("features", f -> features(f, stem, fires))
                .scope(
                    "classifier",
                    c ->
                        c.dropout("0", 0.5)
                            .conv("1", classes, 1)
                            .activate("2", Activation.RELU)
                            .globalAveragePool("3"))
                .flatten());
  }

  private static Net features(Net net, Conv2d stem, int[] fires) {
    Net x = net.conv("0", stem).activate("1", Activation.RELU).pool("2", POOL);
    for (int i = 0; i < fires.length; i++) {
      String name = "" + (i + 3);
      int squeezed = fires[i];
      x = squeezed == 0 ? x.pool(name, POOL) : x.scope(name, s -> fire(s, squeezed));
    }
    return x;
  }

  private static Net fire(Net x, int squeezed) {
    Net narrow = unit(x, "squeeze", Conv2d.of(squeezed, 1));
    Net expanded = unit(narrow, "expand1x1", Conv2d.of(4 * squeezed, 1));
    return expanded.concat(unit(narrow, "expand3x3", Conv2d.of(4 * squeezed, 3).padding(1)));
  }

  private static Net unit(Net x, String name, Conv2d conv) {
    return x.conv(name, conv).activate(name + "_activation", Activation.RELU);
  }
}
