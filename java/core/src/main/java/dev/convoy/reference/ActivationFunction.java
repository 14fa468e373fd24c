package dev.convoy.reference;

import dev.convoy.graph.Activation;

/**
 * An activation function of one number.
 *
 * <p>Comparisons are written so that NaN stays NaN and −0 passes a ReLU; that is what {@code max(0,
 * x)} and {@code min(6, x)} of x86 vector instructions do with the operands in this order.
 */
record ActivationFunction(Activation activation, Precision precision) {
  /** The function's value, rounded to the precision or ready to be rounded once. */
  double of(double x) {
    return switch (activation.kind()) {
      case IDENTITY -> x;
      case RELU -> relu(x);
      case RELU6 -> relu6(x);
      case LEAKY_RELU -> x < 0 ? precision.round(activation.alpha() * x) : x;
      case HARD_SIGMOID -> hardSigmoid(x);
      case HARD_SWISH -> precision.round(x * hardSigmoid(x));
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case TANH -> StrictMath.tanh(x);
      case SILU -> x / (1 + StrictMath.exp(-x));
      case ELU -> x < 0 ? activation.alpha() * StrictMath.expm1(x) : x;
      case GELU -> x * ErrorFunction.erfc(-x * StrictMath.sqrt(0.5)) / 2;
      case SOFTPLUS -> softplus(x);
      case MISH -> x * StrictMath.tanh(softplus(x));
    };
  }

  private double hardSigmoid(double x) {
    return precision.round(relu6(precision.round(x + 3)) / 6);
  }

  private static double relu(double x) {
    return 0 > x ? 0 : x;
  }

  private static double relu6(double x) {
    double positive = relu(x);
    return 6 < positive ? 6 : positive;
  }

  private static double softplus(double x) {
    return x > 20 ? x : StrictMath.log1p(StrictMath.exp(x));
  }
}
