package dev.convoy.graph;

/**
 * An element-wise activation function.
 *
 * @param kind which function
 * @param alpha its parameter: the slope of a leaky ReLU, alpha of an ELU; 0 elsewhere
 */
public record Activation(Kind kind, float alpha) {
  /** The functions; the order is part of the native interface. */
  public enum Kind {
    /** x */
    IDENTITY,
    /** max(x, 0) */
    RELU,
    /** min(max(x, 0), 6) */
    RELU6,
    /** x &lt; 0 ? alpha x : x */
    LEAKY_RELU,
    /** min(max(x + 3, 0), 6) / 6 */
    HARD_SIGMOID,
    /** x (min(max(x + 3, 0), 6) / 6) */
    HARD_SWISH,
    /** 1 / (1 + exp(-x)) */
    SIGMOID,
    /** tanh(x) */
    TANH,
    /** x / (1 + exp(-x)) */
    SILU,
    /** x &lt; 0 ? alpha (exp(x) - 1) : x */
    ELU,
    /** x (1 + erf(x / sqrt 2)) / 2 */
    GELU,
    /** log(1 + exp(x)); x beyond 20 */
    SOFTPLUS,
    /** x tanh(log(1 + exp(x))) */
    MISH
  }

  public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 0);
  public static final Activation RELU = new Activation(Kind.RELU, 0);
  public static final Activation RELU6 = new Activation(Kind.RELU6, 0);
  public static final Activation HARD_SIGMOID = new Activation(Kind.HARD_SIGMOID, 0);
  public static final Activation HARD_SWISH = new Activation(Kind.HARD_SWISH, 0);
  public static final Activation SIGMOID = new Activation(Kind.SIGMOID, 0);
  public static final Activation TANH = new Activation(Kind.TANH, 0);
  public static final Activation SILU = new Activation(Kind.SILU, 0);
  public static final Activation GELU = new Activation(Kind.GELU, 0);
  public static final Activation SOFTPLUS = new Activation(Kind.SOFTPLUS, 0);
  public static final Activation MISH = new Activation(Kind.MISH, 0);

  public static Activation leakyRelu(double slope) {
    return new Activation(Kind.LEAKY_RELU, (float) slope);
  }

  public static Activation elu(double alpha) {
    return new Activation(Kind.ELU, (float) alpha);
  }

  public boolean isIdentity() {
    return kind == Kind.IDENTITY;
  }

  /** {@code relu}, {@code hard-swish}, {@code leaky-relu 0.1}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    return kind == Kind.LEAKY_RELU || kind == Kind.ELU ? name + " " + alpha : name;
  }

  /**
   * This activation as the tail of an operation's text: {@code " + relu"}, or nothing for the
   * identity.
   */
  String suffix() {
    return isIdentity() ? "" : " + " + this;
  }
}
