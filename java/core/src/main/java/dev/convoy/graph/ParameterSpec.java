package dev.convoy.graph;

import dev.convoy.tensor.Shape;

/**
 * A parameter that an operation asks for.
 *
 * @param role the last part of its checkpoint key: {@code weight}, {@code bias}, {@code
 *     running_mean}, …; {@link #LAYER_ITSELF} where the key is the layer's name
 * @param shape its shape; filters are OIHW with I = channels / groups, linear weights are [out, in]
 * @param trainable false for statistics such as a running mean
 */
public record ParameterSpec(String role, Shape shape, boolean trainable) {
  /** The role of a parameter whose key has no last part of its own. */
  public static final String LAYER_ITSELF = "";

  /** The checkpoint key for a layer of this name. */
  public String key(String layer) {
    return role.isEmpty() ? layer : layer + "." + role;
  }

  static ParameterSpec trainable(String role, int... dims) {
    return new ParameterSpec(role, Shape.of(dims), true);
  }

  static ParameterSpec statistic(String role, int... dims) {
    return new ParameterSpec(role, Shape.of(dims), false);
  }
}
