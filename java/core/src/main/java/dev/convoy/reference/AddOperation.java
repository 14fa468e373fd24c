package dev.convoy.reference;

import java.util.List;

/** The sum of two values, and an activation function on it. */
record AddOperation(ActivationFunction function, Precision precision) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals a = inputs.get(0);
    Reals b = inputs.get(1);
    Slices.run(output, workers, i -> function.of(precision.round(a.get(i) + b.get(i))));
  }
}
