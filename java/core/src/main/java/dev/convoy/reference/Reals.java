package dev.convoy.reference;

/**
 * An array of numbers in one precision. Elements are read and written as doubles; writing rounds.
 *
 * <p>The two loops that take nearly all of a network's time, {@link #accumulate} and {@link #dot},
 * are written out for each precision, so that the compiler turns them into vector instructions.
 */
abstract sealed class Reals permits Float32, Float64 {
  abstract int length();

  abstract double get(int i);

  /** Stores the value, rounded to this array's precision. */
  abstract void set(int i, double value);

  abstract void fill(int from, int count, double value);

  /** Copies elements of an array of the same precision. */
  abstract void copy(int to, Reals source, int from, int count);

  /**
   * For each of {@code offsets}, ascending, fused: {@code this[to + i] += weights[firstWeight + t]
   * * source[from + offsets[t] + i]} for i in 0 … count − 1. All arrays are of one precision; this
   * one is not the source.
   */
  abstract void accumulate(
      int to, int count, Reals source, int from, int[] offsets, Reals weights, int firstWeight);

  /**
   * {@code start} plus the products of this whole array with as many weights from {@code
   * firstWeight} on, ascending, fused. The weights may be of another precision than this array.
   */
  abstract double dot(double start, Reals weights, int firstWeight);
}
