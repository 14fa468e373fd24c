package dev.convoy.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The dimensions of a tensor, outermost first (row-major). Immutable; every dimension is at least
 * 1, except where {@link #possiblyEmpty} was asked for; rank 0 is a scalar.
 *
 * <p>Inside a {@code Graph} shapes are those of one image (CHW, or F for features): the batch is
 * never part of them.
 */
public final class Shape {
  private final int[] dims;
  private final long size;

  private Shape(int[] dims, int smallest) {
    this.dims = dims;
    long product = 1;
    for (int d : dims) {
      if (d < smallest) {
        throw new ShapeException("shape " + text(dims) + " has a dimension below " + smallest);
      }
      try {
        product = Math.multiplyExact(product, d);
      } catch (ArithmeticException e) {
        throw new ShapeException("shape " + text(dims) + " holds more than 2^63 elements");
      }
    }
    this.size = product;
  }

  /**
   * A shape of any rank; throws {@link ShapeException} if a dimension is below 1 or the size
   * overflows.
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone(), 1);
  }

  /**
   * A shape that may have dimensions of 0, and then no elements: what a weight file may hold, and
   * nothing that a layer can compute with.
   */
  public static Shape possiblyEmpty(int... dims) {
    return new Shape(dims.clone(), 0);
  }

  /** Channels, height and width of one image or feature map. */
  public static Shape chw(int channels, int height, int width) {
    return of(channels, height, width);
  }

  public int rank() {
    return dims.length;
  }

  public int dim(int axis) {
    return dims[axis];
  }

  public int[] toArray() {
    return dims.clone();
  }

  /** The number of elements. */
  public long size() {
    return size;
  }

  /**
   * {@link #size()} as an int; throws {@link ShapeException} where one Java array could not hold
   * the tensor.
   */
  public int intSize() {
    if (size > Integer.MAX_VALUE - 8) {
      throw new ShapeException("a tensor of shape " + this + " does not fit in one array");
    }
    return (int) size;
  }

  /** True for C×H×W. */
  public boolean isMap() {
    return dims.length == 3;
  }

  /** The first dimension: channels of a map, features of a vector. */
  public int channels() {
    return dims[0];
  }

  /** Height of a C×H×W map; 1 for a vector of features. */
  public int height() {
    return dims.length == 3 ? dims[1] : 1;
  }

  /** Width of a C×H×W map; 1 for a vector of features. */
  public int width() {
    return dims.length == 3 ? dims[2] : 1;
  }

  /** This shape behind one more, outermost dimension. */
  public Shape batch(int n) {
    int[] batched = new int[dims.length + 1];
    batched[0] = n;
    System.arraycopy(dims, 0, batched, 1, dims.length);
    return of(batched);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dims, that.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** {@code 64x3x7x7}; a scalar is {@code scalar}. */
  @Override
  public String toString() {
    return text(dims);
  }

  private static String text(int[] dims) {
    return dims.length == 0
        ? "scalar"
        : Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }
}
