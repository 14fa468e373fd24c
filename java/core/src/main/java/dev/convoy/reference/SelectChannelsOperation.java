package dev.convoy.reference;

import java.util.List;

/** Whole channels, copied. */
record SelectChannelsOperation(List<Integer> channels, int pixels) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    for (int c = 0; c < channels.size(); c++) {
      output.copy(c * pixels, inputs.get(0), channels.get(c) * pixels, pixels);
    }
  }
}
