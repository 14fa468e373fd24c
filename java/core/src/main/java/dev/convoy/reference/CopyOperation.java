package dev.convoy.reference;

import java.util.List;

/**
 * The inputs one behind the other, which in plain layout is a concatenation along the channels; of
 * one input also what flatten, identity, reorder and dropout (in inference) do.
 */
record CopyOperation() implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    int to = 0;
    for (Reals input : inputs) {
      output.copy(to, input, 0, input.length());
      to += input.length();
    }
  }
}
