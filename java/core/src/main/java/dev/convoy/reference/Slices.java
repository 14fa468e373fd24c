package dev.convoy.reference;

import java.util.function.IntToDoubleFunction;

/** Element-wise work in slices of one size, so that threads can share it. */
final class Slices {
  private static final int SLICE = 4096;

  private Slices() {}

  /** Sets every element to what the function says for its position. */
  static void run(Reals output, Workers workers, IntToDoubleFunction element) {
    int slices = (output.length() - 1) / SLICE + 1;
    workers.share(
        slices,
        10L * output.length(),
        s -> {
          int end = (int) Math.min((s + 1L) * SLICE, output.length());
          for (int i = s * SLICE; i < end; i++) {
            output.set(i, element.applyAsDouble(i));
          }
        });
  }
}
