package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/**
 * A fully connected layer: {@code y = activation(W x + b)}, W of shape [out, in], on a vector of
 * features.
 */
public record Linear(int outFeatures, boolean bias, Activation activation) implements Op {
  public Linear {
    if (outFeatures < 1) {
      throw new ShapeException("a linear layer needs at least one output, got " + outFeatures);
    }
  }

  public static Linear of(int outFeatures) {
    return new Linear(outFeatures, true, Activation.IDENTITY);
  }

  public Linear with(Activation function) {
    return new Linear(outFeatures, bias, function);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = Op.only(inputs);
    if (in.rank() != 1) {
      throw new ShapeException(
          "expected a vector of features, got " + in + ": put a flatten before it");
    }
    return Shape.of(outFeatures);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    ParameterSpec weight = ParameterSpec.trainable("weight", outFeatures, inputs.get(0).dim(0));
    return bias ? List.of(weight, ParameterSpec.trainable("bias", outFeatures)) : List.of(weight);
  }

  @Override
  public long macs(List<Shape> inputs, Shape output) {
    return Op.product(inputs.get(0).size(), outFeatures);
  }

  @Override
  public String toString() {
    return "linear " + outFeatures + (bias ? " bias" : "") + activation.suffix();
  }
}
