package dev.convoy.verify;

import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a model file says of a classifier's result.
 *
 * @param shape batch × classes
 */
record LogitsDigest(Shape shape, double std, double absmax, double f32Err, List<Item> items) {
  /**
   * One image of the batch.
   *
   * @param top the likeliest classes, likeliest first
   * @param topGap the smallest distance between two of their logits
   * @param softmax the probabilities, where the network ends with them
   */
  @SuppressWarnings("ArrayRecordComponent") // read once from a file, never written
  record Item(
      double sum,
      double abs,
      int[] top,
      double[] topValues,
      double topGap,
      Samples samples,
      Optional<Samples> softmax) {}

  /** Members {@code logits_…}, {@code f32_err} and {@code items} of a case. */
  static LogitsDigest read(JsonTree json) {
    Shape shape = json.get("logits_shape").shape();
    if (shape.rank() != 2) {
      throw json.get("logits_shape").wrong("batch and classes");
    }
    List<Item> items = new ArrayList<>();
    for (JsonTree item : json.get("items").list(shape.dim(0))) {
      items.add(item(item, shape.dim(1)));
    }
    return new LogitsDigest(
        shape,
        json.get("logits_std").magnitude(),
        json.get("logits_absmax").magnitude(),
        json.get("f32_err").magnitude(),
        items);
  }

  private static Item item(JsonTree json, int classes) {
    int[] top = json.get("top5").positions(classes);
    double[] topValues = json.get("top5_val").numbers();
    if (topValues.length != top.length) {
      throw json.get("top5_val").wrong("a list as long as top5");
    }
    return new Item(
        json.get("sum").number(),
        json.get("abs").magnitude(),
        top,
        topValues,
        json.get("top5_min_gap").magnitude(),
        json.has("logits") ? Samples.all(json.get("logits"), classes) : Samples.read(json, classes),
        json.find("softmax").map(list -> Samples.all(list, classes)));
  }

  int classes() {
    return shape.dim(1);
  }

  /** Compares batch × classes logits. */
  void check(Comparison comparison, double[] logits, Accuracy accuracy) {
    Tolerance tolerance = accuracy.values(f32Err, absmax);
    for (int b = 0; b < items.size(); b++) {
      check(comparison, b, logits, accuracy, tolerance);
    }
    Moments moments = Moments.of(logits);
    comparison.near("logits std", std, moments.std(), tolerance);
    comparison.near("logits absmax", absmax, moments.absmax(), tolerance);
  }

  private void check(
      Comparison comparison, int b, double[] logits, Accuracy accuracy, Tolerance tolerance) {
    Item item = items.get(b);
    int from = b * classes();
    double[] own = Arrays.copyOfRange(logits, from, from + classes());
    String image = "image " + b;
    item.samples().check(comparison, image + " logits", own, 0, tolerance);
    Tolerance sums = accuracy.sums(item.abs());
    comparison.near(image + " sum", item.sum(), Arrays.stream(own).sum(), sums);
    comparison.near(image + " abs", item.abs(), Arrays.stream(own).map(Math::abs).sum(), sums);
    for (int i = 0; i < item.top().length; i++) {
      String rank = image + " top " + (i + 1);
      comparison.near(rank, item.topValues()[i], own[item.top()[i]], tolerance);
    }
    if (item.topGap() > 2 * tolerance.bound()) { // else the order is not determined
      String count = image + " top " + item.top().length;
      comparison.same(count, boxed(item.top()), top(own, item.top().length));
    }
  }

  /** Compares batch × classes probabilities, where the file has them. */
  void checkSoftmax(Comparison comparison, double[] probabilities, Accuracy accuracy) {
    Tolerance tolerance = accuracy.values(f32Err, 1); // softmax is no steeper than the logits
    for (int b = 0; b < items.size(); b++) {
      int from = b * classes();
      String name = "image " + b + " softmax";
      items
          .get(b)
          .softmax()
          .ifPresent(all -> all.check(comparison, name, probabilities, from, tolerance));
    }
  }

  boolean hasSoftmax() {
    return items.stream().anyMatch(item -> item.softmax().isPresent());
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static List<Integer> top(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
        .limit(count)
        .toList();
  }
}
