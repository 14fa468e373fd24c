package dev.convoy.reference;

import java.util.List;

/** Softmax or its logarithm over the channels, at every pixel. */
record SoftmaxOperation(boolean log, int channels) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals x = inputs.get(0);
    int pixels = x.length() / channels;
    workers.share(
        pixels,
        20L * x.length(),
        p -> {
          double max = x.get(p);
          for (int c = 1; c < channels; c++) {
            double value = x.get(c * pixels + p);
            max = value > max || Double.isNaN(value) ? value : max;
          }
          double sum = 0;
          for (int c = 0; c < channels; c++) {
            sum += StrictMath.exp(x.get(c * pixels + p) - max);
          }
          for (int c = 0; c < channels; c++) {
            double above = x.get(c * pixels + p) - max;
            output.set(
                c * pixels + p, log ? above - StrictMath.log(sum) : StrictMath.exp(above) / sum);
          }
        });
  }
}
