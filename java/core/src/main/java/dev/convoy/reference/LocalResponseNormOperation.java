package dev.convoy.reference;

import dev.convoy.graph.LocalResponseNorm;
import java.util.List;

/** Each element divided by a power of the energy of its neighbours along the channels. */
record LocalResponseNormOperation(LocalResponseNorm op, int channels, Precision precision)
    implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals x = inputs.get(0);
    int pixels = x.length() / channels;
    workers.share(
        channels,
        (long) x.length() * op.size(),
        c -> {
          int first = c - op.size() / 2;
          int from = Math.max(first, 0);
          int to = (int) Math.min((long) first + op.size(), channels);
          for (int p = 0; p < pixels; p++) {
            double sum = 0;
            for (int n = from; n < to; n++) {
              double neighbour = x.get(n * pixels + p);
              sum = precision.fma(neighbour, neighbour, sum);
            }
            double energy = op.k() + op.alpha() / op.size() * sum;
            output.set(c * pixels + p, x.get(c * pixels + p) / StrictMath.pow(energy, op.beta()));
          }
        });
  }
}
