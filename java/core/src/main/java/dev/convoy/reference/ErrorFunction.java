package dev.convoy.reference;

/** The complementary error function, to about 1e-14 of its value. */
final class ErrorFunction {
  private static final double ROOT_OF_PI = StrictMath.sqrt(StrictMath.PI);

  /** From here on the continued fraction converges quickly; below, the series loses no digits. */
  private static final double SERIES_UP_TO = 2;

  /** Enough for a relative error below 1e-16 at {@link #SERIES_UP_TO}; less is needed beyond. */
  private static final int FRACTIONS = 120;

  private ErrorFunction() {}

  /** {@code 1 - erf(x)}: 2 far to the left, exp(-x²) / (x √π) far to the right. */
  static double erfc(double x) {
    if (x > SERIES_UP_TO) {
      return tail(x);
    }
    if (x < -SERIES_UP_TO) {
      return 2 - tail(-x);
    }
    return 1 - series(x);
  }

  /**
   * erf(x) = 2 / √π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 ⋯ (2n + 1)): terms of one sign (Abramowitz,
   * Stegun, 7.1.6).
   */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / ROOT_OF_PI * StrictMath.exp(-x * x) * sum;
  }

  /**
   * erfc(x) = exp(-x²) / √π · 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + …)))) (Abramowitz,
   * Stegun, 7.1.14).
   */
  private static double tail(double x) {
    double fraction = x;
    for (int n = FRACTIONS; n >= 1; n--) {
      fraction = x + 0.5 * n / fraction;
    }
    return StrictMath.exp(-x * x) / (ROOT_OF_PI * fraction);
  }
}
