package dev.convoy.backend;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Networks of a few layers, made of operations whose bits {@link Mode#EXACT} promises. */
final class ContractNetworks {
  private ContractNetworks() {}

  /** Three results: the end, the first layer and the middle. */
  static Graph small() {
    GraphBuilder builder = new GraphBuilder();
    int in = builder.add("image", new Input(Shape.chw(3, 9, 8)), List.of());
    int conv = builder.add("conv", Conv2d.of(18, 3).padding(1), List.of(in));
    int relu = builder.add("relu", new Activate(Activation.RELU), List.of(conv));
    int pool = builder.add("pool", Pool2d.of(Pooling.MAX, 2), List.of(relu));
    int flat = builder.add("flat", new Flatten(), List.of(pool));
    int fc = builder.add("fc", Linear.of(10), List.of(flat));
    return builder.build(List.of(fc, conv, pool));
  }

  /**
   * Two inputs, branches that join again, a value that is read long after it was made.
   *
   * @param everything all values are results, not the last one alone
   */
  static Graph branching(boolean everything) {
    GraphBuilder builder = new GraphBuilder();
    int left = builder.add("left", new Input(Shape.chw(5, 12, 10)), List.of());
    int right = builder.add("right", new Input(Shape.chw(5, 12, 10)), List.of());
    int both = builder.add("both", Add.PLAIN, List.of(left, right));
    int stem = builder.add("stem", Conv2d.of(20, 3).padding(1), List.of(both));
    int norm = builder.add("norm", new BatchNorm(1e-3), List.of(stem));
    int relu = builder.add("relu", new Activate(Activation.RELU6), List.of(norm));
    int narrow = builder.add("narrow", Conv2d.of(7, 1).with(Activation.RELU), List.of(relu));
    int wide = builder.add("wide", Conv2d.of(9, 5).padding(2), List.of(relu));
    Pool2d smooth = Pool2d.of(Pooling.AVERAGE, Window.of(3).padding(1)).excludePad();
    int pool = builder.add("pool", smooth, List.of(relu));
    int joined = builder.add("joined", new Concat(), List.of(narrow, pool, wide, narrow));
    int back = builder.add("back", Conv2d.of(20, 1), List.of(joined));
    int sum = builder.add("sum", new Add(Activation.RELU), List.of(back, relu));
    int fused =
        builder.add("fused", Conv2d.of(20, 3).padding(1).withResidual(), List.of(sum, back));
    int doubled = builder.add("doubled", Add.PLAIN, List.of(fused, fused));
    int global = builder.add("global", new AdaptivePool2d(Pooling.AVERAGE, 1, 1), List.of(doubled));
    int flat = builder.add("flat", new Flatten(), List.of(global));
    int fc = builder.add("fc", Linear.of(10), List.of(flat));
    return builder.build(everything ? IntStream.rangeClosed(0, fc).boxed().toList() : List.of(fc));
  }
}
