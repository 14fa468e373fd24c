package dev.convoy.reference;

import dev.convoy.graph.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fully connected layer: one dot product for each output, in ascending order from the bias. */
record LinearOperation(
    Reals weights, @Nullable Reals bias, Activation activation, Precision precision)
    implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals x = inputs.get(0);
    ActivationFunction function = new ActivationFunction(activation, precision);
    workers.share(
        output.length(),
        weights.length(),
        o -> {
          double start = bias == null ? 0 : bias.get(o) + 0.0;
          output.set(o, function.of(x.dot(start, weights, o * x.length())));
        });
  }
}
