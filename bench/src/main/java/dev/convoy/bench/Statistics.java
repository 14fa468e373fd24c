package dev.convoy.bench;

import java.util.Arrays;

/** Order statistics. */
final class Statistics {
  private Statistics() {}

  /** The middle value, or the mean of the two middle ones; NaN of nothing. */
  static double median(double... values) {
    return percentile(50, values);
  }

  /**
   * The value below which {@code percent} of the others lie, interpolated linearly between
   * neighbours (Hyndman and Fan's type 7, NumPy's default); NaN of nothing.
   *
   * @see <a href="https://doi.org/10.2307/2684934">Hyndman, Fan: Sample quantiles in statistical
   *     packages</a>
   */
  static double percentile(double percent, double... values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double position = percent / 100 * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** {@code a[i] / b[i]}. */
  static double[] ratios(double[] a, double[] b) {
    double[] ratios = new double[Math.min(a.length, b.length)];
    Arrays.setAll(ratios, i -> a[i] / b[i]);
    return ratios;
  }

  /** NaN where a value is NaN, and of nothing. */
  static double geometricMean(double... values) {
    return Math.exp(Arrays.stream(values).map(Math::log).average().orElse(Double.NaN));
  }

  static double min(double... values) {
    return Arrays.stream(values).min().orElse(Double.NaN);
  }
}
