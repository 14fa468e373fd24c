package dev.convoy.optimize;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Maps of one size that are computed, normalised, added, concatenated and taken apart at will. */
public final class RandomGraphs {
  public static final int HEIGHT = 5;
  public static final int WIDTH = 4;

  /** Whole blocks, parts of one, and both. */
  private static final int[] CHANNELS = {16, 16, 16, 32, 20, 7};

  private static final Window AROUND = Window.of(3).padding(1);

  private final Random random;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Integer> values = new ArrayList<>();

  private RandomGraphs(Random random) {
    this.random = random;
  }

  /** One input and two results. Operations have the same bits everywhere. */
  public static Graph withConcats(Random random) {
    return new RandomGraphs(random).graph();
  }

  private Graph graph() {
    int in = builder.add("in", new Input(Shape.chw(3, HEIGHT, WIDTH)), List.of());
    add(Conv2d.of(channels(), 1), List.of(in));
    add(Conv2d.of(channels(), 1), List.of(in));
    for (int i = 0; i < 14; i++) {
      addAny();
    }
    return builder.build(List.of(values.get(values.size() - 1), any()));
  }

  private void addAny() {
    int a = any();
    int width = width(a);
    switch (random.nextInt(10)) {
      case 0 -> add(new Activate(Activation.RELU), List.of(a));
      case 1 -> add(new BatchNorm(1e-3), List.of(a));
      case 2 -> add(Add.PLAIN, List.of(a, like(a)));
      case 3 ->
          add(Pool2d.of(random.nextBoolean() ? Pooling.MAX : Pooling.AVERAGE, AROUND), List.of(a));
      case 4 -> {
        add(new AdaptivePool2d(Pooling.MAX, 1, 1), List.of(a));
        int factors = values.remove(values.size() - 1);
        add(new Multiply(), List.of(a, factors));
      }
      case 5 -> {
        int half = Math.max(1, width / 2);
        add(new SelectChannels(IntStream.range(width - half, width).boxed().toList()), List.of(a));
      }
      case 6, 7 ->
          add(
              random.nextBoolean() ? Conv2d.of(channels(), 1) : Conv2d.of(channels(), 3).padding(1),
              List.of(a));
      default -> concat();
    }
  }

  /** Often of the last values, so that parts meet in one whole and wholes in larger ones. */
  private void concat() {
    List<Integer> parts = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      boolean recent = random.nextInt(4) > 0;
      parts.add(recent ? values.get(Math.max(0, values.size() - count + i)) : any());
    }
    if (parts.stream().mapToInt(this::width).sum() <= 200) {
      add(new Concat(), parts);
    }
  }

  private void add(Op op, List<Integer> inputs) {
    values.add(builder.add("n" + values.size() + "." + random.nextInt(), op, inputs));
  }

  private int any() {
    return values.get(random.nextInt(values.size()));
  }

  private int like(int a) {
    List<Integer> same = values.stream().filter(b -> width(b) == width(a)).toList();
    return same.get(random.nextInt(same.size()));
  }

  private int width(int value) {
    return builder.node(value).shape().channels();
  }

  private int channels() {
    return CHANNELS[random.nextInt(CHANNELS.length)];
  }
}
