package dev.convoy.verify;

import dev.convoy.tensor.Shape;

/**
 * What a model file says of a value inside the network.
 *
 * @param name of the layer, or of a scope that ends with it
 * @param shape batch included
 * @param std of the population
 */
record Checkpoint(
    String name,
    Shape shape,
    double mean,
    double std,
    double absmax,
    Samples samples,
    double f32Err) {

  static Checkpoint read(JsonTree json) {
    Shape shape = json.get("shape").shape();
    return new Checkpoint(
        json.get("name").text(),
        shape,
        json.get("mean").number(),
        json.get("std").magnitude(),
        json.get("absmax").magnitude(),
        Samples.read(json, shape.size()),
        json.get("f32_err").magnitude());
  }

  /**
   * Compares values of this shape. Mean, deviation and maximum can be no further off than the
   * values themselves.
   */
  void check(Comparison comparison, double[] actual, Accuracy accuracy) {
    Tolerance tolerance = accuracy.values(f32Err, absmax);
    Moments moments = Moments.of(actual);
    comparison.near(name + " mean", mean, moments.mean(), tolerance);
    comparison.near(name + " std", std, moments.std(), tolerance);
    comparison.near(name + " absmax", absmax, moments.absmax(), tolerance);
    samples.check(comparison, name + " val", actual, 0, tolerance);
  }
}
