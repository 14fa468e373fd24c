package dev.convoy.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ParameterTest {
  private static final Map<String, float[]> STORED =
      Map.of(
          "w", new float[] {1, 2, 3, 4},
          "b", new float[] {5, 7},
          "gamma", new float[] {6, 0.1f},
          "beta", new float[] {1, -1},
          "mean", new float[] {2, 3},
          "var", new float[] {8, 3});
  private static final ParameterSource SOURCE =
      key -> {
        float[] values = Objects.requireNonNull(STORED.get(key));
        return new Tensor(key.equals("w") ? Shape.of(2, 2) : Shape.of(values.length), values);
      };

  private static Parameter stored(String key, int... dims) {
    return new Parameter.Stored(key, Shape.of(dims), true);
  }

  private final Parameter scaled =
      new Parameter.ScaledFilters(stored("w", 2, 2), stored("gamma", 2), stored("var", 2), 1);
  private final Parameter shifted =
      new Parameter.ShiftedBias(
          stored("b", 2),
          stored("gamma", 2),
          stored("beta", 2),
          stored("mean", 2),
          stored("var", 2),
          1);

  @Test
  void filters_are_scaled_output_by_output() {
    double second = 0.1f / 2.0;
    assertArrayEquals(new double[] {2, 4, 3 * second, 4 * second}, scaled.wide(SOURCE));
    assertEquals(Shape.of(2, 2), scaled.value(SOURCE).shape());
  }

  @Test
  void the_bias_passes_through_the_batch_norm() {
    assertArrayEquals(new double[] {1 + 3 * 2, -1 + 4 * (0.1f / 2.0)}, shifted.wide(SOURCE));
  }

  @Test
  void without_a_bias_the_shift_is_the_batch_norms_own() {
    Parameter own =
        new Parameter.ShiftedBias(
            null, stored("gamma", 2), stored("beta", 2), stored("mean", 2), stored("var", 2), 1);
    assertArrayEquals(new double[] {1 - 2 * 2, -1 - 3 * (0.1f / 2.0)}, own.wide(SOURCE));
  }

  @Test
  void floats_are_the_doubles_rounded_once() {
    double[] wide = scaled.wide(SOURCE);
    float[] narrow = scaled.value(SOURCE).values();
    for (int i = 0; i < wide.length; i++) {
      assertEquals((float) wide[i], narrow[i]);
    }
  }

  @Test
  void stored_values_are_handed_on() {
    assertArrayEquals(new float[] {5, 7}, stored("b", 2).value(SOURCE).values());
    assertArrayEquals(new double[] {5, 7}, stored("b", 2).wide(SOURCE));
  }

  /** As many values in another order would be computed with, and wrong. */
  @Test
  void a_tensor_of_another_shape_is_refused() {
    Parameter stored = new Parameter.Stored("fc.weight", Shape.of(2, 3), true);
    ShapeException refusal =
        assertThrows(ShapeException.class, () -> stored.value(key -> Tensor.zeros(Shape.of(3, 2))));
    assertEquals(
        "parameter 'fc.weight' must have shape 2x3, the source gives 3x2", refusal.getMessage());
  }
}
