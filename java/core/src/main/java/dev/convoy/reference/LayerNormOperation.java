package dev.convoy.reference;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Layer norm over the channels at every pixel, in the documented order. */
record LayerNormOperation(double eps, Reals weight, Reals bias, Precision precision)
    implements Operation {
  /** Partial sums of the documented order; part of the definition, not a tuning knob. */
  private static final int PARTIAL_SUMS = 16;

  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals x = inputs.get(0);
    int channels = weight.length();
    int pixels = x.length() / channels;
    workers.share(pixels, 4L * x.length(), p -> pixel(x, output, channels, pixels, p));
  }

  private void pixel(Reals x, Reals output, int channels, int pixels, int p) {
    double count = precision.round(channels);
    double mean = precision.round(sum(channels, c -> x.get(c * pixels + p), false) / count);
    double squares = sum(channels, c -> precision.round(x.get(c * pixels + p) - mean), true);
    double variance = precision.round(squares / count);
    double deviation = precision.round(Math.sqrt(precision.round(variance + precision.round(eps))));
    double r = precision.round(1 / deviation);
    for (int c = 0; c < channels; c++) {
      double d = precision.round(x.get(c * pixels + p) - mean);
      output.set(c * pixels + p, precision.fma(precision.round(d * r), weight.get(c), bias.get(c)));
    }
  }

  /** The sum of the terms, or of their squares. */
  private double sum(int channels, IntToDoubleFunction term, boolean squared) {
    double[] partial = new double[PARTIAL_SUMS];
    for (int c = 0; c < channels; c++) {
      double t = term.applyAsDouble(c);
      int lane = c % PARTIAL_SUMS;
      partial[lane] =
          squared ? precision.fma(t, t, partial[lane]) : precision.round(partial[lane] + t);
    }
    for (int half = PARTIAL_SUMS / 2; half >= 1; half /= 2) {
      for (int i = 0; i < half; i++) {
        partial[i] = precision.round(partial[i] + partial[i + half]);
      }
    }
    return partial[0];
  }
}
