package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
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

  /** The values, float32, row-major. */
  Tensor value(ParameterSource source);

  /** The parameters that this one is computed from; none for a stored one. */
  default List<Parameter> parts() {
    return List.of();
  }

  /** A tensor of the checkpoint. */
  record Stored(String key, Shape shape, boolean trainable) implements Parameter {
    @Override
    public Tensor value(ParameterSource source) {
      return source.tensor(key);
    }

    @Override
    public String toString() {
      return key;
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
    public Tensor value(ParameterSource source) {
      float[] w = filters.value(source).values();
      float[] g = gamma.value(source).values();
      float[] v = variance.value(source).values();
      float[] scaled = new float[w.length];
      int perFilter = w.length / g.length;
      for (int o = 0; o < g.length; o++) {
        double scale = scale(g[o], v[o], eps);
        for (int i = o * perFilter; i < (o + 1) * perFilter; i++) {
          scaled[i] = (float) (w[i] * scale);
        }
      }
      return new Tensor(shape(), scaled);
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
    public Tensor value(ParameterSource source) {
      float[] b = bias == null ? new float[shape().intSize()] : bias.value(source).values();
      float[] g = gamma.value(source).values();
      float[] shift = beta.value(source).values();
      float[] m = mean.value(source).values();
      float[] v = variance.value(source).values();
      float[] shifted = new float[b.length];
      for (int o = 0; o < b.length; o++) {
        shifted[o] = (float) (shift[o] + ((double) b[o] - m[o]) * scale(g[o], v[o], eps));
      }
      return new Tensor(shape(), shifted);
    }

    @Override
    public String toString() {
      return beta + "-" + mean + "*" + gamma;
    }
  }

  private static double scale(float gamma, float variance, double eps) {
    return gamma / Math.sqrt(variance + eps);
  }
}
