package dev.convoy.verify;

import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;

/**
 * What a layer file says of a result.
 *
 * @param sum of the values
 * @param abs the sum of their magnitudes
 * @param dot the sum of their products with fixed pseudo-random numbers: tells permuted values
 * @param f32Err the error of an independent float32 computation
 */
record Digest(Shape shape, double sum, double abs, double dot, Samples samples, double f32Err) {
  static Digest read(JsonTree json) {
    Shape shape = json.get("shape").shape();
    return new Digest(
        shape,
        json.get("sum").number(),
        json.get("abs").magnitude(),
        json.get("dot").number(),
        Samples.read(json, shape.size()),
        json.get("f32_err").magnitude());
  }

  /**
   * Compares values of this shape.
   *
   * @param accuracy of what computed them; the tensor's absmax is that of the sampled values
   */
  void check(Comparison comparison, double[] actual, Accuracy accuracy) {
    float[] probe = GoldenNumbers.signed("probe", actual.length);
    double actualSum = 0;
    double actualAbs = 0;
    double actualDot = 0;
    for (int i = 0; i < actual.length; i++) {
      actualSum += actual[i];
      actualAbs += Math.abs(actual[i]);
      actualDot += actual[i] * probe[i];
    }
    samples.check(comparison, "val", actual, 0, accuracy.values(f32Err, samples.absmax()));
    Tolerance sums = accuracy.sums(abs);
    comparison.near("sum", sum, actualSum, sums);
    comparison.near("abs", abs, actualAbs, sums);
    comparison.near("dot", dot, actualDot, sums);
  }
}
