package dev.convoy.graph;

import dev.convoy.graph.internal.BufferSource;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a node: stored in a checkpoint, or computed from others when a plan is compiled.
 *
 * <p>Passes that fold one layer into another describe the result as an expression instead of
 * touching numbers, so a graph stays free of weights. Expressions are evaluated in double precision
 * and rounded to float32 once.
 */
public sealed interface Parameter {
  Shape shape();

  /** The values in double precision, row-major: what {@link #value} rounds. */
  double[] wide(ParameterSource source);

  /** The values, float32, row-major. */
  default Tensor value(ParameterSource source) {
    double[] exact = wide(source);
    float[] rounded = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      rounded[i] = (float) exact[i];
    }
    return new Tensor(shape(), rounded);
  }

  /** Puts the same values into a buffer, from its position on, if possible without an array. */
  default void write(ParameterSource source, FloatBuffer into) {
    into.put(value(source).values());
  }

  /** The parameters that this one is computed from; none for a stored one. */
  default List<Parameter> parts() {
    return List.of();
  }

  /** A tensor of the checkpoint. */
  record Stored(String key, Shape shape, boolean trainable) implements Parameter {
    /**
     * {@inheritDoc}
     *
     * @throws ShapeException if the source has a tensor of another shape, or none
     */
    @Override
    public Tensor value(ParameterSource source) {
      return source.tensor(key, shape);
    }

    @Override
    public void write(ParameterSource source, FloatBuffer into) {
      if (source instanceof BufferSource direct) {
        direct.read(key, shape, into);
      } else {
        Parameter.super.write(source, into);
      }
    }

    @Override
    public double[] wide(ParameterSource source) {
      float[] stored = value(source).values();
      double[] widened = new double[stored.length];
      for (int i = 0; i < stored.length; i++) {
        widened[i] = stored[i];
      }
      return widened;
    }

    @Override
    public String toString() {
      return key;
    }
  }

  /** The same numbers in another shape of the same size. */
  record Reshaped(Parameter values, Shape shape) implements Parameter {
    public Reshaped {
      if (values.shape().size() != shape.size()) {
        throw new ShapeException(values + " of " + values.shape() + " has no shape " + shape);
      }
    }

    @Override
    public List<Parameter> parts() {
      return List.of(values);
    }

    @Override
    public Tensor value(ParameterSource source) {
      return new Tensor(shape, values.value(source).values());
    }

    @Override
    public void write(ParameterSource source, FloatBuffer into) {
      values.write(source, into);
    }

    @Override
    public double[] wide(ParameterSource source) {
      return values.wide(source);
    }

    @Override
    public String toString() {
      return values.toString();
    }
  }

  /** Values times a factor for each index of their first dimension: {@code v[o] * factors[o]}. */
  record Scaled(Parameter values, Parameter factors) implements Parameter {
    @Override
    public Shape shape() {
      return values.shape();
    }

    @Override
    public List<Parameter> parts() {
      return List.of(values, factors);
    }

    @Override
    public double[] wide(ParameterSource source) {
      double[] scaled = values.wide(source);
      double[] f = factors.wide(source);
      int perFactor = scaled.length / f.length;
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= f[i / perFactor];
      }
      return scaled;
    }

    @Override
    public String toString() {
      return values + "*" + factors;
    }
  }

  /**
   * Filters times the scale of a batch norm behind them: {@code w[o] * gamma[o] / sqrt(variance[o]
   * + eps)}.
   */
  record ScaledFilters(Parameter filters, Parameter gamma, Parameter variance, double eps)
      implements Parameter {
    @Override
    public Shape shape() {
      return filters.shape();
    }

    @Override
    public List<Parameter> parts() {
      return List.of(filters, gamma, variance);
    }

    @Override
    public double[] wide(ParameterSource source) {
      double[] scaled = filters.wide(source);
      double[] scales = scales(source);
      int perFilter = scaled.length / scales.length;
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= scales[i / perFilter];
      }
      return scaled;
    }

    /** For each filter its factor. */
    public double[] scales(ParameterSource source) {
      double[] g = gamma.wide(source);
      double[] v = variance.wide(source);
      for (int o = 0; o < g.length; o++) {
        g[o] = BatchNormScale.scale(g[o], v[o], eps);
      }
      return g;
    }

    @Override
    public String toString() {
      return filters + "*" + gamma;
    }
  }

  /**
   * The shift of a batch norm and of the convolution before it: {@code beta + (bias - mean) * gamma
   * / sqrt(…)}.
   */
  record ShiftedBias(
      @Nullable Parameter bias,
      Parameter gamma,
      Parameter beta,
      Parameter mean,
      Parameter variance,
      double eps)
      implements Parameter {
    @Override
    public Shape shape() {
      return beta.shape();
    }

    @Override
    public List<Parameter> parts() {
      return bias == null
          ? List.of(gamma, beta, mean, variance)
          : List.of(bias, gamma, beta, mean, variance);
    }

    @Override
    public double[] wide(ParameterSource source) {
      double[] b = bias == null ? new double[shape().intSize()] : bias.wide(source);
      double[] g = gamma.wide(source);
      double[] shift = beta.wide(source);
      double[] m = mean.wide(source);
      double[] v = variance.wide(source);
      double[] shifted = new double[b.length];
      for (int o = 0; o < b.length; o++) {
        double scale = BatchNormScale.scale(g[o], v[o], eps);
        shifted[o] = BatchNormScale.shift(shift[o], b[o], m[o], scale);
      }
      return shifted;
    }

    @Override
    public String toString() {
      return beta + "-" + mean + "*" + gamma;
    }
  }
}
