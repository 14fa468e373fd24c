package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/**
 * Layer normalisation over the channels of every pixel of a map (torchvision's {@code
 * LayerNorm2d}), or over a vector's features: {@code y = (x - mean) / sqrt(variance + eps) * weight
 * + bias}, mean and variance being those of the pixel's channels.
 *
 * <p>In exact mode both sums are sixteen partial sums, of the channels that are equal modulo 16,
 * each ascending; then the upper half is added to the lower half until one is left.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton: Layer Normalization</a>
 */
public record LayerNorm(double eps) implements Op {
  public LayerNorm {
    if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY)) {
      throw new ShapeException("a layer norm's eps is 0 or more and finite, got " + eps);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    int c = inputs.get(0).channels();
    return List.of(ParameterSpec.trainable("weight", c), ParameterSpec.trainable("bias", c));
  }

  @Override
  public String toString() {
    return "layer-norm " + eps;
  }
}
