package dev.convoy.verify;

import java.util.Locale;

/**
 * One node computed by two backends from the same inputs.
 *
 * @param operation the node's operation and shape as text
 * @param algorithm what the suspect chose for it
 * @param position of the largest difference, flat in the batch; -1 if all values are equal
 * @param error the largest absolute difference; infinite where only one value is a number
 * @param absmax the oracle's largest magnitude
 * @param ulps the largest distance in representable floats
 * @param tolerance what is allowed
 */
public record NodeComparison(
    String node,
    String operation,
    String algorithm,
    int position,
    double error,
    double absmax,
    long ulps,
    Tolerance tolerance) {

  /** Compares the values of a node; NaN equals NaN, and -0 lies one step below 0. */
  static NodeComparison of(
      String node,
      String operation,
      String algorithm,
      float[] suspect,
      float[] oracle,
      ToleranceRule rule) {
    int position = -1;
    double error = 0;
    double absmax = 0;
    long ulps = 0;
    for (int i = 0; i < oracle.length; i++) {
      absmax = Math.max(absmax, Float.isNaN(oracle[i]) ? 0 : Math.abs(oracle[i]));
      long distance = ulps(suspect[i], oracle[i]);
      if (distance > 0) {
        double difference = Math.abs((double) suspect[i] - oracle[i]);
        difference = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
        if (position < 0 || difference > error) {
          position = i;
          error = difference;
        }
        ulps = Math.max(ulps, distance);
      }
    }
    return new NodeComparison(
        node, operation, algorithm, position, error, absmax, ulps, rule.of(absmax));
  }

  /** What is allowed, from the oracle's largest magnitude. */
  @FunctionalInterface
  interface ToleranceRule {
    Tolerance of(double absmax);
  }

  private static long ulps(float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.isNaN(a) && Float.isNaN(b) ? 0 : Long.MAX_VALUE;
    }
    return Math.abs(order(a) - order(b));
  }

  /** The position of a float among all floats in ascending order; 0 for 0, -1 for -0. */
  private static long order(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits >= 0 ? bits : -1L - (bits & Integer.MAX_VALUE);
  }

  /** Whether the suspect is further off than it may be: by a single bit, where none is allowed. */
  public boolean departs() {
    return tolerance.bound() == 0 ? ulps > 0 : error > tolerance.bound();
  }

  /** The error as a share of the oracle's largest magnitude. */
  public double relative() {
    return error == 0 ? 0 : error / absmax;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-9s %-32s %-44s error %.2e  relative %.2e  ulps %s  (%s)%s",
        departs() ? "DEPARTS" : "ok",
        node,
        operation,
        error,
        relative(),
        ulps == Long.MAX_VALUE ? "NaN" : ulps,
        tolerance.rule(),
        departs() ? "  at " + position + ", " + algorithm : "");
  }
}
