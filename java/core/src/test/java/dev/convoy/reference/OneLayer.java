package dev.convoy.reference;

import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Op;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Runs one operation on one image, for tests that know the answer. */
final class OneLayer {
  private OneLayer() {}

  /** The result of an operation without parameters, on values of one shape. */
  static float[] run(Op op, Shape shape, float[]... inputs) {
    return run(op, Map.of(), shape, inputs);
  }

  /** The result of an operation; its parameters by their roles. */
  static float[] run(Op op, Map<String, float[]> parameters, Shape shape, float[]... inputs) {
    Shape[] shapes = new Shape[inputs.length];
    Arrays.fill(shapes, shape);
    Graph graph = SingleLayer.of(op, shapes);
    float[] result = new float[graph.node(inputs.length).shape().intSize()];
    try (var network =
            ReferenceBackend.float32()
                .compile(graph, key -> tensor(graph, parameters, key), CompileOptions.DEFAULT);
        var execution = network.open()) {
      execution.run(1, inputs, new float[][] {result});
    }
    return result;
  }

  private static Tensor tensor(Graph graph, Map<String, float[]> parameters, String key) {
    Shape shape = Objects.requireNonNull(graph.storedParameters().get(key)).shape();
    String role = key.substring("layer.".length());
    return new Tensor(shape, Objects.requireNonNull(parameters.get(role), role));
  }
}
