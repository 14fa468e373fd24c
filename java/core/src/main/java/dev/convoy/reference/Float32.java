package dev.convoy.reference;

import java.util.Arrays;

/** Single precision. */
final class Float32 extends Reals {
  private final float[] values;

  /** Shares the array. */
  Float32(float[] values) {
    this.values = values;
  }

  float[] values() {
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
    values[i] = (float) value;
  }

  @Override
  void fill(int from, int count, double value) {
    Arrays.fill(values, from, from + count, (float) value);
  }

  @Override
  void copy(int to, Reals source, int from, int count) {
    System.arraycopy(((Float32) source).values, from, values, to, count);
  }

  @Override
  void accumulate(
      int to, int count, Reals source, int from, int[] offsets, Reals weights, int firstWeight) {
    float[] x = ((Float32) source).values;
    float[] w = ((Float32) weights).values;
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
      float[] y,
      int to,
      int count,
      float[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      float w0,
      float w1,
      float w2,
      float w3) {
    for (int i = 0; i < count; i++) {
      float acc = Math.fma(w0, x[x0 + i], y[to + i]);
      acc = Math.fma(w1, x[x1 + i], acc);
      acc = Math.fma(w2, x[x2 + i], acc);
      y[to + i] = Math.fma(w3, x[x3 + i], acc);
    }
  }

  private static void oneTap(float[] y, int to, int count, float[] x, int from, float weight) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Math.fma(weight, x[from + i], y[to + i]);
    }
  }

  @Override
  double dot(double start, Reals weights, int firstWeight) {
    float[] w = ((Float32) weights).values;
    float acc = (float) start;
    for (int k = 0; k < values.length; k++) {
      acc = Math.fma(w[firstWeight + k], values[k], acc);
    }
    return acc;
  }
}
