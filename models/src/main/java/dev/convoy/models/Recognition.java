package dev.convoy.models;

import dev.convoy.graph.Parameter;
import dev.convoy.tensor.Shape;
import dev.convoy.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Which networks of the {@link Catalog} weights may be of, judged by keys and shapes alone. */
public final class Recognition {
  /** Fine-tuned weights differ in their classifier, trained ones in more: other networks. */
  private static final double ALIKE = 0.95;

  private Recognition() {}

  /**
   * The networks whose parameters are most like these, if they are at all: several where networks
   * differ in nothing that is stored, mostly one or none.
   *
   * @param shapes of the tensors by key, as {@link dev.convoy.weights.WeightFile} has them
   */
  public static List<Architecture> of(Map<String, Shape> shapes) {
    List<Architecture> best = new ArrayList<>();
    double highest = ALIKE;
    for (Architecture architecture : Catalog.all()) {
      double likeness = likeness(architecture, shapes);
      if (likeness > highest) {
        best.clear();
        highest = likeness;
      }
      if (likeness >= highest) {
        best.add(architecture);
      }
    }
    return best;
  }

  /** The share of parameters that both have in the same shape. */
  private static double likeness(Architecture architecture, Map<String, Shape> shapes) {
    UnaryOperator<String> translation = FittedWeights.translation(architecture, shapes.keySet());
    Map<String, Parameter.Stored> stored = architecture.network().graph().storedParameters();
    long given = 0;
    long equal = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      if (!Weights.isCounter(entry.getKey())) {
        Parameter.Stored parameter = stored.get(translation.apply(entry.getKey()));
        given++;
        equal += parameter != null && parameter.shape().equals(entry.getValue()) ? 1 : 0;
      }
    }
    return (double) equal / Math.max(1, Math.max(given, stored.size()));
  }
}
