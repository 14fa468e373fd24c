package dev.convoy.backend;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Identity;
import dev.convoy.graph.Input;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One layer that every backend has to compute, and how exactly. */
public record ContractCase(Graph graph, Guarantee guarantee) {
  /** What {@link Mode#EXACT} promises. */
  public enum Guarantee {
    /** The reference's bits; on whole numbers the true result. */
    EXACT_ON_INTEGERS,
    /** The reference's bits. */
    BITS,
    /** Within 1e-4 of the largest magnitude. */
    CLOSE
  }

  private static ContractCase of(Guarantee guarantee, Op op, Shape... inputs) {
    return new ContractCase(SingleLayer.of(op, inputs), guarantee);
  }

  /** Every operation over a spread of shapes, most of them no multiples of anything. */
  public static List<ContractCase> all() {
    List<ContractCase> cases = new ArrayList<>();
    convolutions(cases);
    randomConvolutions(cases);
    poolings(cases);
    elementwise(cases);
    norms(cases);
    shapes(cases);
    return List.copyOf(cases);
  }

  private static void convolutions(List<ContractCase> cases) {
    Guarantee exact = Guarantee.EXACT_ON_INTEGERS;
    for (int channels : new int[] {1, 3, 15, 16, 17, 33}) {
      cases.add(of(exact, Conv2d.of(19, 3).padding(1), Shape.chw(channels, 9, 11)));
      cases.add(of(exact, Conv2d.of(channels, 1).noBias(), Shape.chw(20, 7, 5)));
      Conv2d depthwise = Conv2d.of(channels, 3).groups(channels).padding(1);
      cases.add(of(exact, depthwise, Shape.chw(channels, 8, 7)));
    }
    cases.add(of(exact, Conv2d.of(64, 3).padding(1).noBias(), Shape.chw(64, 14, 14)));
    cases.add(of(exact, Conv2d.of(32, 7).stride(2).padding(3), Shape.chw(3, 30, 29)));
    cases.add(of(exact, Conv2d.of(16, 11).stride(4).padding(2), Shape.chw(3, 35, 35)));
    cases.add(of(exact, Conv2d.of(48, 1).stride(2), Shape.chw(24, 13, 10)));
    cases.add(of(exact, Conv2d.of(12, 3).dilation(2).padding(2), Shape.chw(18, 12, 9)));
    cases.add(of(exact, Conv2d.of(10, 3).groups(2).padding(1), Shape.chw(34, 6, 6)));
    cases.add(of(exact, Conv2d.of(16, 3).groups(8).padding(1), Shape.chw(8, 6, 7)));
    cases.add(of(exact, Conv2d.of(5, 5), Shape.chw(4, 5, 5)));
    Window lopsided = Window.of(2, 3).stride(2, 1).dilation(1, 2).padding(1, 0, 0, 3);
    cases.add(of(exact, Conv2d.of(9, lopsided), Shape.chw(7, 10, 9)));
    Shape map = Shape.chw(17, 6, 5);
    Conv2d residual = Conv2d.of(17, 3).padding(1).withResidual();
    cases.add(of(exact, residual, map, map));
    for (Activation.Kind kind : Activation.Kind.values()) {
      Activation activation = new Activation(kind, alpha(kind));
      cases.add(of(guarantee(kind), residual.with(activation), map, map));
      cases.add(of(guarantee(kind), Linear.of(21).with(activation), Shape.of(37)));
    }
    cases.add(of(exact, new Linear(1, false, Activation.IDENTITY), Shape.of(1)));
    cases.add(of(exact, Linear.of(10), Shape.of(84)));
    cases.add(of(exact, Linear.of(130), Shape.of(513)));
  }

  private static float alpha(Activation.Kind kind) {
    return switch (kind) {
      case LEAKY_RELU -> 0.1f;
      case ELU -> 0.75f;
      default -> 0;
    };
  }

  /** The functions made of comparisons, sums, products and quotients are exact. */
  private static Guarantee guarantee(Activation.Kind kind) {
    return switch (kind) {
      case IDENTITY, RELU, RELU6, LEAKY_RELU, HARD_SIGMOID, HARD_SWISH ->
          Guarantee.EXACT_ON_INTEGERS;
      case SIGMOID, TANH, SILU, ELU, GELU, SOFTPLUS, MISH -> Guarantee.CLOSE;
    };
  }

  private static void randomConvolutions(List<ContractCase> cases) {
    Random random = new Random(20231123);
    for (int i = 0; i < 40; i++) {
      int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
      int channels = groups * (1 + random.nextInt(20));
      int filters = groups * (1 + random.nextInt(20));
      Window window =
          Window.of(1 + random.nextInt(5), 1 + random.nextInt(5))
              .stride(1 + random.nextInt(3), 1 + random.nextInt(3))
              .dilation(1 + random.nextInt(2), 1 + random.nextInt(2))
              .padding(random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4));
      int height = window.spanH() + random.nextInt(9);
      int width = window.spanW() + random.nextInt(9);
      Conv2d op = Conv2d.of(filters, window).groups(groups).withBias(random.nextBoolean());
      cases.add(of(Guarantee.EXACT_ON_INTEGERS, op, Shape.chw(channels, height, width)));
    }
  }

  private static void poolings(List<ContractCase> cases) {
    Guarantee exact = Guarantee.EXACT_ON_INTEGERS;
    for (Pooling kind : Pooling.values()) {
      cases.add(of(exact, Pool2d.of(kind, 2), Shape.chw(17, 8, 6)));
      Pool2d padded = Pool2d.of(kind, Window.of(3).stride(2).padding(1));
      cases.add(of(exact, padded, Shape.chw(16, 14, 15)));
      cases.add(of(exact, padded.ceil(), Shape.chw(5, 15, 16)));
      cases.add(of(exact, padded.ceil().excludePad(), Shape.chw(33, 9, 10)));
      cases.add(
          of(exact, Pool2d.of(kind, Window.of(5).padding(2)).excludePad(), Shape.chw(4, 7, 9)));
      cases.add(
          of(
              exact,
              Pool2d.of(kind, Window.of(3, 2).stride(2, 3).padding(1, 0)),
              Shape.chw(6, 11, 12)));
      cases.add(of(exact, new AdaptivePool2d(kind, 1, 1), Shape.chw(19, 7, 5)));
      cases.add(of(exact, new AdaptivePool2d(kind, 6, 6), Shape.chw(3, 13, 11)));
      cases.add(of(exact, new AdaptivePool2d(kind, 7, 3), Shape.chw(16, 5, 4)));
    }
    Window dilated = Window.of(3).dilation(2).padding(2);
    cases.add(of(exact, Pool2d.of(Pooling.MAX, dilated), Shape.chw(5, 8, 9)));
    cases.add(of(exact, Pool2d.of(Pooling.MIN, dilated), Shape.chw(18, 9, 7)));
  }

  private static void elementwise(List<ContractCase> cases) {
    Shape map = Shape.chw(18, 5, 7);
    for (Activation.Kind kind : Activation.Kind.values()) {
      Activation activation = new Activation(kind, alpha(kind));
      cases.add(of(guarantee(kind), new Activate(activation), map));
      cases.add(of(guarantee(kind), new Activate(activation), Shape.of(29)));
    }
    cases.add(of(Guarantee.EXACT_ON_INTEGERS, Add.PLAIN, map, map));
    cases.add(of(Guarantee.EXACT_ON_INTEGERS, Add.PLAIN, Shape.of(31), Shape.of(31)));
    cases.add(of(Guarantee.EXACT_ON_INTEGERS, new Add(Activation.RELU), map, map));
    cases.add(of(Guarantee.EXACT_ON_INTEGERS, new Multiply(), map, Shape.chw(18, 1, 1)));
    cases.add(
        of(
            Guarantee.EXACT_ON_INTEGERS,
            new Multiply(),
            Shape.chw(32, 33, 17),
            Shape.chw(32, 1, 1)));
    Shape pixel = Shape.chw(5, 1, 1);
    cases.add(of(Guarantee.EXACT_ON_INTEGERS, new Multiply(), pixel, pixel));
    for (boolean log : new boolean[] {false, true}) {
      cases.add(of(Guarantee.CLOSE, new Softmax(log), Shape.of(1000)));
      cases.add(of(Guarantee.CLOSE, new Softmax(log), Shape.chw(21, 4, 5)));
    }
  }

  private static void norms(List<ContractCase> cases) {
    cases.add(of(Guarantee.EXACT_ON_INTEGERS, new BatchNorm(0), Shape.chw(17, 5, 6)));
    cases.add(of(Guarantee.BITS, new BatchNorm(1e-5), Shape.chw(40, 3, 3)));
    cases.add(of(Guarantee.BITS, new BatchNorm(1e-3), Shape.of(23)));
    cases.add(of(Guarantee.BITS, new BatchNorm(1e-3).with(Activation.RELU), Shape.chw(40, 3, 3)));
    cases.add(of(Guarantee.BITS, new BatchNorm(1e-3).with(Activation.HARD_SIGMOID), Shape.of(23)));
    for (int channels : new int[] {1, 5, 16, 17, 96, 100}) {
      cases.add(of(Guarantee.BITS, new LayerNorm(1e-6), Shape.chw(channels, 5, 6)));
    }
    cases.add(of(Guarantee.BITS, new LayerNorm(1e-5), Shape.of(770)));
    GraphBuilder builder = new GraphBuilder();
    int image = builder.add("image", new Input(Shape.chw(21, 4, 7)), List.of());
    int scale = builder.add("layer_scale", new LayerScale(), List.of(image));
    cases.add(new ContractCase(builder.build(List.of(scale)), Guarantee.EXACT_ON_INTEGERS));
    cases.add(of(Guarantee.CLOSE, new LocalResponseNorm(5, 0.5, 0.75, 2), Shape.chw(18, 5, 6)));
    cases.add(of(Guarantee.CLOSE, new LocalResponseNorm(4, 1, 0.5, 1), Shape.chw(3, 4, 4)));
  }

  private static void shapes(List<ContractCase> cases) {
    Guarantee exact = Guarantee.EXACT_ON_INTEGERS;
    cases.add(
        of(exact, new Concat(), Shape.chw(16, 4, 5), Shape.chw(3, 4, 5), Shape.chw(17, 4, 5)));
    cases.add(of(exact, new Concat(), Shape.chw(32, 3, 3), Shape.chw(16, 3, 3)));
    cases.add(of(exact, new Concat(), Shape.of(5), Shape.of(20)));
    for (int[] range : new int[][] {{0, 32}, {16, 32}, {0, 5}, {7, 29}, {15, 16}, {39, 40}}) {
      cases.add(of(exact, SelectChannels.range(range[0], range[1]), Shape.chw(40, 3, 5)));
    }
    cases.add(of(exact, SelectChannels.shuffle(116, 2), Shape.chw(116, 4, 3)));
    cases.add(of(exact, SelectChannels.shuffle(21, 3), Shape.chw(21, 5, 2)));
    cases.add(of(exact, SelectChannels.shuffle(12, 4), Shape.of(12)));
    SelectChannels backwards = new SelectChannels(List.of(17, 16, 15, 3, 3, 3, 0));
    cases.add(of(exact, backwards, Shape.chw(18, 2, 7)));
    cases.add(of(exact, new Flatten(), Shape.chw(18, 3, 5)));
    cases.add(of(exact, new Flatten(), Shape.of(6)));
    cases.add(of(exact, new Identity(), Shape.chw(3, 4, 5)));
    cases.add(of(exact, new Dropout(0.5), Shape.chw(17, 2, 2)));
    for (Pad2d.Mode mode : Pad2d.Mode.values()) {
      cases.add(of(exact, new Pad2d(mode, 3, 1, 2, 3, 0), Shape.chw(17, 4, 5)));
    }
    Resize2d.Mode nearest = Resize2d.Mode.NEAREST;
    Resize2d.Mode bilinear = Resize2d.Mode.BILINEAR;
    cases.add(of(exact, new Resize2d(nearest, false, 13, 11), Shape.chw(18, 6, 5)));
    cases.add(of(exact, new Resize2d(nearest, false, 3, 2), Shape.chw(2, 7, 9)));
    cases.add(of(Guarantee.CLOSE, new Resize2d(bilinear, false, 14, 21), Shape.chw(17, 7, 7)));
    cases.add(of(Guarantee.CLOSE, new Resize2d(bilinear, false, 5, 7), Shape.chw(5, 8, 9)));
    cases.add(of(Guarantee.CLOSE, new Resize2d(bilinear, true, 9, 13), Shape.chw(3, 5, 6)));
    cases.add(of(Guarantee.CLOSE, new Resize2d(bilinear, true, 1, 1), Shape.chw(3, 5, 6)));
  }

  @Override
  public String toString() {
    int last = graph.nodes().size() - 1;
    return graph.node(last).op() + " of " + graph.inputShapes(graph.node(last));
  }
}
