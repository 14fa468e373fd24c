package dev.convoy.reference;

import java.util.Arrays;

/** Double precision. */
final class Float64 extends Reals {
  private final double[] values;

  /** Shares the array. */
  Float64(double[] values) {
    this.values = values;
  }

  double[] values() {
    return values;
  }

  @Override
  int length() {
    return values.length;
  }

  @Override
  double get(int i) {
    return values[i];
  }

  @Override
  void set(int i, double value) {
    values[i] = value;
  }

  @Override
  void fill(int from, int count, double value) {
    Arrays.fill(values, from, from + count, value);
  }

  @Override
  void copy(int to, Reals source, int from, int count) {
    System.arraycopy(((Float64) source).values, from, values, to, count);
  }

  @Override
  void accumulate(
      int to, int count, Reals source, int from, int[] offsets, Reals weights, int firstWeight) {
    double[] x = ((Float64) source).values;
    double[] w = ((Float64) weights).values;
    int t = 0;
    for (; t + 4 <= offsets.length; t += 4) {
      int v = firstWeight + t;
      int x0 = from + offsets[t];
      int x1 = from + offsets[t + 1];
      int x2 = from + offsets[t + 2];
      int x3 = from + offsets[t + 3];
      fourTaps(values, to, count, x, x0, x1, x2, x3, w[v], w[v + 1], w[v + 2], w[v + 3]);
    }
    for (; t < offsets.length; t++) {
      oneTap(values, to, count, x, from + offsets[t], w[firstWeight + t]);
    }
  }

  /** Four terms of each sum while it is in a register; the order of its additions is the same. */
  private static void fourTaps(
      double[] y,
      int to,
      int count,
      double[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      double w0,
      double w1,
      double w2,
      double w3) {
    for (int i = 0; i < count; i++) {
      double acc = Math.fma(w0, x[x0 + i], y[to + i]);
      acc = Math.fma(w1, x[x1 + i], acc);
      acc = Math.fma(w2, x[x2 + i], acc);
      y[to + i] = Math.fma(w3, x[x3 + i], acc);
    }
  }

  private static void oneTap(double[] y, int to, int count, double[] x, int from, double weight) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Math.fma(weight, x[from + i], y[to + i]);
    }
  }

  /** Stored parameters stay float, which halves the memory of a large linear layer. */
  @Override
  double dot(double start, Reals weights, int firstWeight) {
    double acc = start;
    if (weights instanceof Float32 narrow) {
      float[] w = narrow.values();
      for (int k = 0; k < values.length; k++) {
        acc = Math.fma((double) w[firstWeight + k], values[k], acc);
      }
    } else {
      double[] w = ((Float64) weights).values;
      for (int k = 0; k < values.length; k++) {
        acc = Math.fma(w[firstWeight + k], values[k], acc);
      }
    }
    return acc;
  }
}
