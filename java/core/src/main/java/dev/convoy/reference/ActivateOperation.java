package dev.convoy.reference;

import java.util.List;

/** An activation function on every element. */
record ActivateOperation(ActivationFunction function) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals x = inputs.get(0);
    Slices.run(output, workers, i -> function.of(x.get(i)));
  }
}
