package dev.convoy.tensor;

import java.util.Arrays;

/**
 * A dense float32 tensor on the Java heap, row-major.
 *
 * <p>The array is shared, not copied: a tensor is a view that names the shape of an array. Who
 * hands a tensor over stops writing to it. Tensors of one shape and the same values are equal, as
 * {@link Arrays#equals(float[], float[])} has it.
 *
 * @param shape the dimensions
 * @param values {@code shape.size()} elements
 */
@SuppressWarnings("ArrayRecordComponent") // the array is the point: shared, never copied
public record Tensor(Shape shape, float[] values) {
  public Tensor {
    if (values.length != shape.size()) {
      throw new ShapeException(
          "a tensor of shape "
              + shape
              + " needs "
              + shape.size()
              + " values, "
              + values.length
              + " were given");
    }
  }

  /** A tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return new Tensor(shape, new float[shape.intSize()]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && shape.equals(that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Tensor[" + shape + "]";
  }
}
