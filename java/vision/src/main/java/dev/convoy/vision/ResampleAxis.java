package dev.convoy.vision;

/**
 * Which input pixels make which output pixel along one axis, and with what fixed-point weights.
 *
 * <p>Weights are computed and normalised in double, then rounded half away from zero to {@value
 * #PRECISION_BITS} fractional bits: eight bits of the 32 are the pixel, two are headroom for the
 * negative lobes. This is Pillow's {@code precompute_coeffs} and {@code normalize_coeffs_8bpc}.
 */
final class ResampleAxis {
  static final int PRECISION_BITS = 32 - 8 - 2;

  /** Start value of a sum, so that the final shift rounds to nearest. */
  static final int HALF = 1 << (PRECISION_BITS - 1);

  private static final int MAX_WEIGHTS = 1 << 27;

  /** Per output pixel: its first input pixel, how many it takes, and the weights at i × taps. */
  final int[] starts;

  final int[] counts;
  final int[] weights;
  final int taps;

  /** The most input pixels that any output pixel takes. */
  final int maxCount;

  /**
   * @param in input pixels along the axis
   * @param out output pixels along the axis
   * @param from the first output pixel that is wanted
   * @param length how many are wanted
   */
  ResampleAxis(Filter filter, int in, int out, int from, int length) {
    double scale = (double) in / out;
    double stretch = Math.max(1, scale);
    double support = filter.support() * stretch;
    double inverse = 1 / stretch;
    // At most what the image holds: an extreme ratio must not reserve weights for absent pixels.
    this.taps = (int) Math.min(in, Math.ceil(support) * 2 + 1);
    this.starts = new int[length];
    this.counts = new int[length];
    if ((long) length * taps > MAX_WEIGHTS) {
      throw new ImageException(
          "resizing a side of %d to %d pixels needs more than %d weights: resize in two steps"
              .formatted(in, out, MAX_WEIGHTS));
    }
    this.weights = new int[length * taps];
    double[] exact = new double[taps];
    int most = 0;
    for (int i = 0; i < length; i++) {
      double centre = (from + i + 0.5) * scale;
      int start = Math.max(0, (int) (centre - support + 0.5));
      int count = Math.min(in, (int) (centre + support + 0.5)) - start;
      double sum = 0;
      for (int k = 0; k < count; k++) {
        exact[k] = filter.weight((k + start - centre + 0.5) * inverse);
        sum += exact[k];
      }
      for (int k = 0; k < count; k++) {
        double normalised = sum == 0 ? exact[k] : exact[k] / sum;
        weights[i * taps + k] =
            (int) (normalised * (1 << PRECISION_BITS) + (normalised < 0 ? -0.5 : 0.5));
      }
      starts[i] = start;
      counts[i] = count;
      most = Math.max(most, count);
    }
    this.maxCount = most;
  }
}
