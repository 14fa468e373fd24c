package dev.convoy.diagram;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Positions for boxes so that all arrows point down: boxes in layers by their longest path from the
 * top, arrows over several layers through a place of their own in each, few crossings, and
 * everything as straight above what it leads to as the others allow.
 *
 * <p>The three steps of Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical
 * System Structures (1981), with barycentres for the order and least squares for the positions.
 */
final class LayeredLayout {
  private static final int SWEEPS = 8;
  private static final int PULLS = 60;

  /** Between neighbours in a layer. */
  private static final double GAP = 18;

  /** How straight the pieces of arrows want to be: those that pass boxes by, from box to box. */
  private static final double PASSING = 8;

  private static final double DIRECT = 4;

  private static final double ARROW_WIDTH = 4;

  /** A box, or a place that a long arrow passes through. */
  static final class Item {
    final double width;
    final boolean box;
    final List<Item> above = new ArrayList<>();
    final List<Item> below = new ArrayList<>();

    /** The centre. */
    double x;

    int order;

    private Item(double width, boolean box) {
      this.width = width;
      this.box = box;
    }

    private double straightness(Item neighbour) {
      return box != neighbour.box ? 1 : box ? DIRECT : PASSING;
    }

    /** A network of one box has no arrows. */
    private boolean alone() {
      return above.isEmpty() && below.isEmpty();
    }

    private double weight() {
      if (alone()) {
        return 1;
      }
      return Stream.concat(above.stream(), below.stream()).mapToDouble(this::straightness).sum();
    }

    /** The mean of its neighbours' places, of those most that it wants to be straight with. */
    private double wish() {
      if (alone()) {
        return x;
      }
      double sum =
          Stream.concat(above.stream(), below.stream())
              .mapToDouble(neighbour -> neighbour.x * straightness(neighbour))
              .sum();
      return sum / weight();
    }
  }

  private final List<List<Item>> layers = new ArrayList<>();
  private final List<Item> boxes = new ArrayList<>();
  private final int[] layerOf;

  /** For each arrow the items that it leads through, its ends included. */
  private final List<List<Item>> routes = new ArrayList<>();

  LayeredLayout(Diagram diagram, List<Double> widths) {
    this.layerOf = new int[diagram.boxes().size()];
    for (Diagram.Arrow arrow : diagram.arrows()) {
      layerOf[arrow.to()] = Math.max(layerOf[arrow.to()], layerOf[arrow.from()] + 1);
    }
    for (int box = 0; box < layerOf.length; box++) {
      boxes.add(add(layerOf[box], new Item(widths.get(box), true)));
    }
    diagram.arrows().forEach(this::route);
    reorder();
    place();
  }

  /** Where a box stands; the layers are numbered from the top. */
  int layer(int box) {
    return layerOf[box];
  }

  int layers() {
    return layers.size();
  }

  Item item(int box) {
    return boxes.get(box);
  }

  List<List<Item>> routes() {
    return routes;
  }

  private Item add(int layer, Item item) {
    while (layers.size() <= layer) {
      layers.add(new ArrayList<>());
    }
    item.order = layers.get(layer).size();
    layers.get(layer).add(item);
    return item;
  }

  /** Arrows are sorted by their end, so every layer number is final when an arrow needs it. */
  private void route(Diagram.Arrow arrow) {
    List<Item> route = new ArrayList<>(List.of(boxes.get(arrow.from())));
    for (int layer = layerOf[arrow.from()] + 1; layer < layerOf[arrow.to()]; layer++) {
      route.add(add(layer, new Item(ARROW_WIDTH, false)));
    }
    route.add(boxes.get(arrow.to()));
    for (int i = 1; i < route.size(); i++) {
      route.get(i - 1).below.add(route.get(i));
      route.get(i).above.add(route.get(i - 1));
    }
    routes.add(route);
  }

  /** Sweeps down and up, and keeps the order with the fewest crossings. */
  private void reorder() {
    List<List<Item>> best = copy();
    long fewest = crossings();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 1; i < layers.size(); i++) {
        sort(
            layers.get(down ? i : layers.size() - 1 - i),
            down ? item -> item.above : item -> item.below);
      }
      long now = crossings();
      if (now < fewest) {
        fewest = now;
        best = copy();
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.set(i, best.get(i));
      number(best.get(i));
    }
  }

  private List<List<Item>> copy() {
    List<List<Item>> copy = new ArrayList<>();
    layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
    return copy;
  }

  private static void sort(List<Item> layer, Function<Item, List<Item>> neighbours) {
    layer.sort(
        Comparator.comparingDouble(
            item ->
                neighbours.apply(item).stream()
                    .mapToInt(neighbour -> neighbour.order)
                    .average()
                    .orElse(item.order)));
    number(layer);
  }

  private static void number(List<Item> layer) {
    for (int i = 0; i < layer.size(); i++) {
      layer.get(i).order = i;
    }
  }

  private long crossings() {
    long count = 0;
    for (List<Item> layer : layers) {
      List<int[]> arrows = new ArrayList<>();
      for (Item item : layer) {
        item.below.forEach(end -> arrows.add(new int[] {item.order, end.order}));
      }
      for (int i = 0; i < arrows.size(); i++) {
        for (int j = 0; j < i; j++) {
          int[] a = arrows.get(i);
          int[] b = arrows.get(j);
          count += (long) (a[0] - b[0]) * (a[1] - b[1]) < 0 ? 1 : 0;
        }
      }
    }
    return count;
  }

  private void place() {
    layers.forEach(layer -> pull(layer, item -> 0));
    for (int sweep = 0; sweep < PULLS; sweep++) {
      for (int i = 0; i < layers.size(); i++) {
        pull(layers.get(sweep % 2 == 0 ? i : layers.size() - 1 - i), Item::wish);
      }
    }
  }

  /** Wishes of neighbours that cannot stand where they like, as one run. */
  private record Run(double sum, double weight, int items) {
    double mean() {
      return sum / weight;
    }

    Run and(Run other) {
      return new Run(sum + other.sum, weight + other.weight, items + other.items);
    }
  }

  /**
   * Moves a layer's items to the places nearest to their wishes (weighted least squares) that keep
   * their order and their distances: isotonic regression of the wishes, less the room that the
   * items to the left need.
   */
  private static void pull(List<Item> layer, ToDoubleFunction<Item> wish) {
    double[] room = new double[layer.size()];
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < layer.size(); i++) {
      Item item = layer.get(i);
      if (i > 0) {
        room[i] = room[i - 1] + (layer.get(i - 1).width + item.width) / 2 + GAP;
      }
      double weight = item.weight();
      Run run = new Run((wish.applyAsDouble(item) - room[i]) * weight, weight, 1);
      while (!runs.isEmpty() && runs.get(runs.size() - 1).mean() >= run.mean()) {
        run = runs.remove(runs.size() - 1).and(run);
      }
      runs.add(run);
    }
    int i = 0;
    for (Run run : runs) {
      for (int end = i + run.items(); i < end; i++) {
        layer.get(i).x = run.mean() + room[i];
      }
    }
  }
}
