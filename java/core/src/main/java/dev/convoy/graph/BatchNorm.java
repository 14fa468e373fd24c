package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/**
 * Batch normalisation with running statistics, and optionally an activation behind it: {@code y =
 * activation((x - mean) / sqrt(variance + eps) * weight + bias)}, per channel of a map or vector.
 * Passes set the activation; people leave it alone.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe, Szegedy: Batch Normalization</a>
 */
public record BatchNorm(double eps, Activation activation) implements Op {
  public BatchNorm {
    if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY)) {
      throw new ShapeException("a batch norm's eps is 0 or more and finite, got " + eps);
    }
  }

  public BatchNorm(double eps) {
    this(eps, Activation.IDENTITY);
  }

  public BatchNorm with(Activation function) {
    return new BatchNorm(eps, function);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    int c = inputs.get(0).channels();
    return List.of(
        ParameterSpec.trainable("weight", c),
        ParameterSpec.trainable("bias", c),
        ParameterSpec.statistic("running_mean", c),
        ParameterSpec.statistic("running_var", c));
  }

  @Override
  public String toString() {
    return "batch-norm " + eps + activation.suffix();
  }
}
