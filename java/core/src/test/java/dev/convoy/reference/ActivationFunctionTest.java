package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationFunctionTest {
  private static double wide(Activation activation, double x) {
    return new ActivationFunction(activation, Precision.FLOAT64).of(x);
  }

  /** Values from 40-digit arithmetic. */
  @ParameterizedTest
  @CsvSource({
    "-6, 1.9999999999999999785",
    "-1, 1.8427007929497148693",
    "-0.25, 1.276326390168236933",
    "0, 1.0",
    "0.5, 0.47950012218695346232",
    "1.75, 0.013328328780817556228",
    "2, 0.0046777349810472658379",
    "2.25, 0.0014627165866811516979",
    "3, 0.000022090496998585441373",
    "5, 1.5374597944280348502e-12",
    "10, 2.088487583762544757e-45",
    "26, 5.6631924088561428465e-296"
  })
  void the_error_function_is_good_to_thirteen_digits(double x, double expected) {
    assertEquals(expected, ErrorFunction.erfc(x), 1e-13 * expected);
  }

  /** Values from 40-digit arithmetic. */
  @ParameterizedTest
  @CsvSource({
    "SIGMOID, 1.5, 0.81757447619364366",
    "SIGMOID, -40, 4.24835425529158898e-18",
    "TANH, 0.75, 0.635148952387287319",
    "SILU, -2, -0.238405844044235112",
    "ELU, -0.001, -0.000499750083312504166",
    "GELU, 1.5, 1.3997891980967129",
    "GELU, -5, -1.43325785939596956e-6",
    "SOFTPLUS, -30, 9.35762296883973678e-14",
    "SOFTPLUS, 21, 21.0",
    "MISH, -3, -0.145647461275624587",
    "MISH, 2, 1.94395895953399452"
  })
  void transcendental_functions_are_good_to_twelve_digits(
      Activation.Kind kind, double x, double expected) {
    assertEquals(expected, wide(new Activation(kind, 0.5f), x), 1e-12 * Math.abs(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "RELU, -2, 0",
    "RELU, 3, 3",
    "RELU6, 7, 6",
    "RELU6, -1, 0",
    "LEAKY_RELU, -2, -1",
    "LEAKY_RELU, 2, 2",
    "HARD_SIGMOID, 0, 0.5",
    "HARD_SIGMOID, -3.5, 0",
    "HARD_SIGMOID, 4, 1",
    "HARD_SWISH, 3, 3",
    "HARD_SWISH, -1.5, -0.375",
    "IDENTITY, -7, -7"
  })
  void simple_functions_are_exact(Activation.Kind kind, double x, double expected) {
    assertEquals(expected, wide(new Activation(kind, 0.5f), x));
  }

  @ParameterizedTest
  @EnumSource(Activation.Kind.class)
  void extremes_stay_in_the_functions_range(Activation.Kind kind) {
    Activation activation = new Activation(kind, 0.5f);
    for (float x : new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, 256, -256, 1e-40f, -1e-40f}) {
      double y = wide(activation, x);
      assertTrue(Double.isFinite(y) && Math.abs(y) <= Math.max(1, Math.abs(x)), x + " → " + y);
    }
    assertTrue(Double.isNaN(wide(activation, Double.NaN)));
  }

  @Test
  void float_steps_are_rounded_one_by_one() {
    float x = 0.3f;
    ActivationFunction narrow = new ActivationFunction(Activation.HARD_SWISH, Precision.FLOAT32);
    assertEquals(x * ((x + 3f) / 6f), (float) narrow.of(x));
    ActivationFunction leaky = new ActivationFunction(Activation.leakyRelu(0.1), Precision.FLOAT32);
    assertEquals(0.1f * -x, (float) leaky.of(-x));
  }
}
