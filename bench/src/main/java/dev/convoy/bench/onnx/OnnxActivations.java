package dev.convoy.bench.onnx;

import dev.convoy.graph.Activation;
import java.util.List;

/** Activation functions as ONNX operators. */
final class OnnxActivations {
  private OnnxActivations() {}

  /** Adds {@code output = activation(input)}. */
  static String add(OnnxNodes to, Activation activation, String input, String output) {
    List<String> in = List.of(input);
    return switch (activation.kind()) {
      case IDENTITY -> to.add("Identity", in, output);
      case RELU -> to.add("Relu", in, output);
      case RELU6 ->
          to.add(
              "Clip",
              List.of(input, to.scalar(output + "/min", 0), to.scalar(output + "/max", 6)),
              output);
      case LEAKY_RELU ->
          to.add("LeakyRelu", in, output, OnnxNodes.attributes().with("alpha", activation.alpha()));
      case HARD_SIGMOID ->
          to.add(
              "HardSigmoid",
              in,
              output,
              OnnxNodes.attributes().with("alpha", 1.0 / 6).with("beta", 0.5));
      case HARD_SWISH -> to.add("HardSwish", in, output);
      case SIGMOID -> to.add("Sigmoid", in, output);
      case TANH -> to.add("Tanh", in, output);
      case SILU ->
          to.add("Mul", List.of(input, to.add("Sigmoid", in, output + "/sigmoid")), output);
      case ELU ->
          to.add("Elu", in, output, OnnxNodes.attributes().with("alpha", activation.alpha()));
      case GELU -> to.add("Gelu", in, output);
      case SOFTPLUS -> to.add("Softplus", in, output);
      case MISH -> to.add("Mish", in, output);
    };
  }
}
