package dev.convoy.reference;

import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.BatchNormScale;
import java.util.List;

/**
 * Batch norm with running statistics, as one multiplication and addition for each element, and an
 * activation function on it.
 */
final class BatchNormOperation implements Operation {
  private final Reals scale;
  private final Reals shift;
  private final Precision precision;
  private final ActivationFunction function;

  BatchNormOperation(
      BatchNorm op, Reals gamma, Reals beta, Reals mean, Reals variance, Precision precision) {
    this.precision = precision;
    this.function = new ActivationFunction(op.activation(), precision);
    this.scale = precision.zeros(gamma.length());
    this.shift = precision.zeros(gamma.length());
    for (int c = 0; c < gamma.length(); c++) {
      double s = BatchNormScale.scale(gamma.get(c), variance.get(c), op.eps());
      scale.set(c, s);
      shift.set(c, BatchNormScale.shift(beta.get(c), 0, mean.get(c), s));
    }
  }

  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals x = inputs.get(0);
    int channels = scale.length();
    int perChannel = x.length() / channels;
    workers.share(
        channels,
        x.length(),
        c -> {
          for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
            output.set(i, function.of(precision.fma(x.get(i), scale.get(c), shift.get(c))));
          }
        });
  }
}
