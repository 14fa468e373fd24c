package dev.convoy.bench;

import java.util.Locale;

/**
 * How far two results of one computation lie apart.
 *
 * @param maxAbs the largest |a - b|
 * @param relative {@code maxAbs} over the largest |b|
 */
record Difference(double maxAbs, double relative) {
  /** Networks that differ by more than this did not compute the same. */
  static final double LIMIT = 1e-3;

  /** The largest over all outputs; NaN if there is a NaN in either. */
  static Difference between(float[][] results, float[][] references) {
    double abs = 0;
    double relative = 0;
    for (int i = 0; i < results.length; i++) {
      Difference one = between(results[i], references[i]);
      abs = Math.max(abs, one.maxAbs);
      relative = Math.max(relative, one.relative);
    }
    return new Difference(abs, relative);
  }

  /**
   * The difference of our outputs from those of somebody else.
   *
   * @param what was computed
   * @throws BenchException if it is more than noise
   */
  static Difference checked(String what, String whose, float[][] ours, float[][] theirs) {
    Difference difference = between(ours, theirs);
    if (!difference.acceptable()) {
      throw new BenchException(
          String.format(
                  Locale.ROOT,
                  "%s: Convoy and %s differ by %.3g, %.3g of the largest output; more than %.0e is not noise.",
                  what,
                  whose,
                  difference.maxAbs,
                  difference.relative,
                  LIMIT)
              + " 'convoy verify' finds the layer of a network");
    }
    return difference;
  }

  private static Difference between(float[] result, float[] reference) {
    double abs = 0;
    double largest = 0;
    for (int i = 0; i < reference.length; i++) {
      abs = Math.max(abs, Math.abs((double) result[i] - reference[i]));
      largest = Math.max(largest, Math.abs(reference[i]));
    }
    return new Difference(abs, abs == 0 ? 0 : abs / largest);
  }

  boolean acceptable() {
    return relative <= LIMIT;
  }
}
