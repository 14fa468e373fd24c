package dev.convoy.verify;

import java.util.Locale;

/**
 * One number held against another.
 *
 * @param quantity what was measured, such as {@code layer1 val[3]}
 */
public record Measurement(String quantity, double expected, double actual, Tolerance tolerance) {
  /** The absolute difference; infinite where one of the numbers is not a number. */
  public double error() {
    double difference = Math.abs(expected - actual);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  public boolean passed() {
    return error() <= tolerance.bound();
  }

  /**
   * The error as a share of what is allowed; infinite where nothing is allowed and something is
   * off.
   */
  double strain() {
    double error = error();
    return error == 0 ? 0 : error / tolerance.bound();
  }

  /** {@code layer1 val[3]: expected 1.5, got 1.6, error 0.1 exceeds 1e-6 (…)}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: expected %.9g, got %.9g, error %.3g %s %.3g (%s)",
        quantity,
        expected,
        actual,
        error(),
        passed() ? "within" : "exceeds",
        tolerance.bound(),
        tolerance.rule());
  }
}
