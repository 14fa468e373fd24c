package dev.convoy.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;

/** Arrays for a graph's results, and what they have to hold. */
final class Outputs {
  private Outputs() {}

  /** One array for every output of the graph. */
  static float[][] of(Graph graph, int batch) {
    return graph.outputs().stream()
        .map(graph::node)
        .map(Node::shape)
        .map(shape -> new float[shape.batch(batch).intSize()])
        .toArray(float[][]::new);
  }

  /** Of the first output, for one image. */
  static int size(Graph graph) {
    return graph.node(graph.outputs().get(0)).shape().intSize();
  }

  static void assertSameBits(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        fail(
            "element %d of %d: expected %s (%a), got %s (%a)"
                .formatted(i, expected.length, expected[i], expected[i], actual[i], actual[i]));
      }
    }
  }
}
