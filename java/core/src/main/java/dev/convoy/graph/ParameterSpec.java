package dev.convoy.graph;

import dev.convoy.tensor.Shape;

/**
 * A parameter that an operation asks for.
 *
 * @param role the last part of its checkpoint key: {@code weight}, {@code bias}, {@code
 *     running_mean}, …
 * @param shape its shape; filters are OIHW with I = channels / groups, linear weights are [out, in]
 * @param trainable false for statistics such as a running mean
 */
public record ParameterSpec(String role, Shape shape, boolean trainable) {
  static ParameterSpec trainable(String role, int... dims) {
    return new ParameterSpec(role, Shape.of(dims), true);
  }

  static ParameterSpec statistic(String role, int... dims) {
    return new ParameterSpec(role, Shape.of(dims), false);
  }
}
