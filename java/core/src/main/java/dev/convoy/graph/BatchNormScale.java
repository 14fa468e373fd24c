package dev.convoy.graph;

/**
 * A batch norm with running statistics as {@code y = x * scale + shift}: the one place that says
 * how the two are computed, in double precision. Whoever stores them as float rounds once.
 */
public final class BatchNormScale {
  private BatchNormScale() {}

  /** {@code gamma / sqrt(variance + eps)}. */
  public static double scale(double gamma, double variance, double eps) {
    return gamma / Math.sqrt(variance + eps);
  }

  /**
   * {@code beta + (bias - mean) * scale}.
   *
   * @param bias of the convolution whose filters the scale is multiplied into; 0 for a batch norm
   *     on its own
   */
  public static double shift(double beta, double bias, double mean, double scale) {
    return beta + (bias - mean) * scale;
  }
}
