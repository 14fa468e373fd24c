package dev.convoy.verify;

/**
 * What may be asked of a computation, by the arithmetic that did it. The rules are those of the
 * golden files' specification, section 4.
 *
 * <p>{@code f32_err} is the error that an independent float32 computation had in the same tensor,
 * {@code absmax} the tensor's largest magnitude.
 */
enum Accuracy {
  /**
   * float32, products of inputs and weights summed in some order; Strassen's algorithm, whose
   * products are of sums, keeps to it too.
   */
  DIRECT(8, 2e-6, "8 f32_err + 2e-6 absmax", 1e-5),
  /** float32 with a convolution in Winograd's transformed domain. */
  WINOGRAD(30, 1e-5, "30 f32_err + 1e-5 absmax (Winograd)", 1e-5),
  /** float64; the expected values are rounded to nine digits. */
  FLOAT64(0, 1e-8, "1e-8 absmax (float64)", 1e-8);

  private final double perError;
  private final double perMagnitude;
  private final String rule;
  private final double perAbsoluteSum;

  Accuracy(double perError, double perMagnitude, String rule, double perAbsoluteSum) {
    this.perError = perError;
    this.perMagnitude = perMagnitude;
    this.rule = rule;
    this.perAbsoluteSum = perAbsoluteSum;
  }

  /** For single values, and for means, deviations and maxima of them. */
  Tolerance values(double f32Err, double absmax) {
    return new Tolerance(perError * f32Err + perMagnitude * absmax, rule);
  }

  /**
   * For sums of a tensor's values times factors of at most 1.
   *
   * @param absoluteSum the sum of the values' magnitudes
   */
  Tolerance sums(double absoluteSum) {
    return new Tolerance(perAbsoluteSum * absoluteSum, perAbsoluteSum + " sum of magnitudes");
  }
}
