package dev.convoy.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class TensorTest {
  private static Tensor row(float... values) {
    return new Tensor(Shape.of(1, values.length), values);
  }

  @Test
  void equalAreThoseOfOneShapeAndTheSameValues() {
    assertEquals(row(1, 2), row(1, 2));
    assertEquals(row(1, 2).hashCode(), row(1, 2).hashCode());
    assertEquals(row(Float.NaN), row(Float.NaN));
    assertNotEquals(row(1, 2), row(1, 3));
    assertNotEquals(row(1, 2), new Tensor(Shape.of(2, 1), new float[] {1, 2}));
  }
}
