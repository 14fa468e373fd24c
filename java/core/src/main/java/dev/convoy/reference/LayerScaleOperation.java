package dev.convoy.reference;

import java.util.List;

/** A map times a learned factor a channel. */
record LayerScaleOperation(Reals factors, int pixels) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals map = inputs.get(0);
    Slices.run(output, workers, i -> map.get(i) * factors.get(i / pixels));
  }
}
