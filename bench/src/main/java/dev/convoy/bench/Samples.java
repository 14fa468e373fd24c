package dev.convoy.bench;

import java.util.Arrays;

/** Numbers that are measured one by one. */
final class Samples {
  private double[] values = new double[1024];
  private int count;

  void add(double value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }

  double[] toArray() {
    return Arrays.copyOf(values, count);
  }
}
