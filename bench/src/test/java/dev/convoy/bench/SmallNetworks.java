package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.provider.Arguments;

/** Networks of a few layers that a peer must compute as we do, and what "as we do" means. */
final class SmallNetworks {
  static final int BATCH = 2;
  private static final double TOLERANCE = 1e-5;

  private SmallNetworks() {}

  /** A name and a graph. */
  static Arguments network(String name, Shape input, UnaryOperator<Net> layers) {
    return Arguments.of(name, Network.of(input, layers).graph());
  }

  static Arguments pool(String name, Pool2d pool) {
    return network(name, Shape.chw(3, 11, 14), net -> net.pool(pool));
  }

  /** Groups, strides, dilation and uneven padding. */
  static Arguments convolutions() {
    Window uneven = Window.of(3, 5).stride(2, 1).padding(1, 2, 0, 1);
    return network(
        "convolution",
        Shape.chw(6, 13, 11),
        net ->
            net.conv("a", Conv2d.of(8, uneven).groups(2))
                .conv("b", Conv2d.of(4, 3).dilation(2).noBias()));
  }

  static Workload workload(String name, Graph graph) {
    return new Workload(name, graph, GoldenNumbers.of(graph, 1, Map.of()));
  }

  /** What one of our backends gives. */
  static float[] convoy(Workload workload, Backend backend) {
    try (Runner runner =
        new ConvoyRunner(workload, backend, CompileOptions.DEFAULT.maxBatch(BATCH).threads(1))) {
      runner.run();
      return runner.outputs()[0];
    }
  }

  /** Relative to the largest output. */
  static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0, "nothing to compare with");
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], TOLERANCE * largest, "at " + i);
    }
  }
}
