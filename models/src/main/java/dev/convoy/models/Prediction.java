package dev.convoy.models;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a classifier says about one image: a probability for each class. Where a network gives NaN
 * or infinity there is no likeliest class: see {@link #isFinite}.
 */
public final class Prediction {
  private final float[] probabilities;
  private final Labels labels;

  Prediction(float[] probabilities, Labels labels) {
    this.probabilities = probabilities;
    this.labels = labels;
  }

  /** From scores that have not been through a softmax. */
  static Prediction ofScores(float[] scores, Labels labels) {
    float max = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - max);
    }
    float[] probabilities = new float[scores.length];
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = (float) (Math.exp(scores[i] - max) / sum);
    }
    return new Prediction(probabilities, labels);
  }

  /**
   * One class and how likely it is.
   *
   * @param index the class's position in the network's output
   * @param probability in [0, 1]
   */
  public record Candidate(int index, String label, float probability) {
    /** {@code 258 Samoyed 0.8846}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%d %s %.4f", index, label, probability);
    }
  }

  /** Whether all probabilities are numbers: NaN or infinity in weights or input spoils them. */
  public boolean isFinite() {
    return IntStream.range(0, probabilities.length).allMatch(i -> Float.isFinite(probabilities[i]));
  }

  void checkFinite() {
    if (!isFinite()) {
      throw new NotFiniteException(
          "the network gives NaN or infinity; check the weights and the input");
    }
  }

  /**
   * The {@code k} likeliest classes, likeliest first; of equals the lower index first.
   *
   * @throws NotFiniteException unless {@link #isFinite}
   */
  public List<Candidate> top(int k) {
    checkFinite();
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
        .limit(k)
        .map(i -> new Candidate(i, labels.name(i), probabilities[i]))
        .toList();
  }

  /**
   * The likeliest class.
   *
   * @throws NotFiniteException unless {@link #isFinite}
   */
  public Candidate best() {
    return top(1).get(0);
  }

  public float probability(int index) {
    return probabilities[index];
  }

  /** A copy of all probabilities, class by class. */
  public float[] probabilities() {
    return probabilities.clone();
  }

  /** The five likeliest classes, for logs. */
  @Override
  public String toString() {
    return isFinite() ? top(5).toString() : "NaN or infinity";
  }
}
