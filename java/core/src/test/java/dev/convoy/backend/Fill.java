package dev.convoy.backend;

import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Numbers for a network's parameters and inputs, always the same. */
enum Fill {
  /** Whole numbers from −3 to 3; variances are 1 or 4, so that their roots are whole too. */
  INTEGERS {
    @Override
    ParameterSource parameters(Graph graph) {
      return key -> {
        Shape shape = Objects.requireNonNull(graph.storedParameters().get(key)).shape();
        float[] values = integers(key, shape.intSize());
        if (key.endsWith("running_var")) {
          for (int i = 0; i < values.length; i++) {
            values[i] = values[i] > 0 ? 4 : 1;
          }
        }
        return new Tensor(shape, values);
      };
    }

    @Override
    float[] input(String name, int count) {
      return integers(name, count);
    }
  },

  /** Numbers with all 24 bits, of the magnitudes of a trained network. */
  REALS {
    @Override
    ParameterSource parameters(Graph graph) {
      return GoldenNumbers.of(graph, 1, Map.of());
    }

    @Override
    float[] input(String name, int count) {
      float[] values = GoldenNumbers.signed(name, count);
      for (int i = 0; i < count; i++) {
        values[i] *= 4;
      }
      return values;
    }
  };

  abstract ParameterSource parameters(Graph graph);

  abstract float[] input(String name, int count);

  /** One array for every input of the graph. */
  float[][] inputs(Graph graph, int batch) {
    List<Integer> ids = graph.inputs();
    float[][] arrays = new float[ids.size()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = input("input" + i, graph.node(ids.get(i)).shape().batch(batch).intSize());
    }
    return arrays;
  }

  private static float[] integers(String name, int count) {
    int[] bits = GoldenNumbers.bits24(name, count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = bits[i] % 7 - 3;
    }
    return values;
  }
}
