package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.backend.CompileOptions;
import dev.convoy.bench.onednn.OneDnnException;
import dev.convoy.cpu.Isa;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.models.Models;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a chain of oneDNN's primitives computes is what the reference backend computes. */
final class OneDnnTest {
  private static final int BATCH = 2;
  private static final double TOLERANCE = 1e-5;

  @BeforeAll
  static void needsNativeCode() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without native kernels");
  }

  private static Arguments network(String name, Shape input, UnaryOperator<Net> layers) {
    return Arguments.of(name, Network.of(input, layers).graph());
  }

  private static Arguments pool(String name, Pool2d pool) {
    return network(name, Shape.chw(3, 11, 14), net -> net.pool(pool));
  }

  static Stream<Arguments> networks() {
    Window three = Window.of(3).stride(2).padding(1);
    Stream<Arguments> layers =
        Stream.of(
            network(
                "convolution",
                Shape.chw(6, 13, 11),
                net ->
                    net.conv(
                            "a",
                            Conv2d.of(8, Window.of(3, 5).stride(2, 1).padding(1, 2, 0, 1))
                                .groups(2))
                        .conv("b", Conv2d.of(4, 3).dilation(2).noBias())),
            network("linear", Shape.of(7), net -> net.linear("a", 5).relu().linear("b", 3)),
            network(
                "a map as a vector",
                Shape.chw(20, 4, 5),
                net -> net.conv("a", 20, 1).flatten().linear("b", 3).logSoftmax()),
            network(
                "a map as a vector of the output",
                Shape.chw(3, 4, 5),
                net -> net.conv("a", 20, 1).flatten()),
            network(
                "norms",
                Shape.chw(7, 5, 6),
                net -> net.batchNorm("bn", 1e-3).relu().localResponseNorm(5, 0.3, 0.75, 2)),
            network(
                "a norm that two read",
                Shape.chw(7, 5, 6),
                net -> {
                  Net norm = net.batchNorm("bn", 1e-3);
                  return norm.relu().add(norm);
                }),
            pool("max pool", Pool2d.of(Pooling.MAX, three)),
            pool("max pool, rounded up", Pool2d.of(Pooling.MAX, Window.of(3).stride(2)).ceil()),
            pool("average pool", Pool2d.of(Pooling.AVERAGE, three)),
            pool("average pool, real pixels", Pool2d.of(Pooling.AVERAGE, three).excludePad()),
            network("global average pool", Shape.chw(5, 4, 3), net -> net.globalAveragePool("p")),
            network(
                "a residual that is read again",
                Shape.chw(16, 5, 5),
                net -> {
                  Net trunk = net.conv("trunk", 16, 1).relu();
                  Net sum = trunk.conv("a", 16, 1).add(trunk).relu();
                  return sum.concat(trunk, sum.conv("b", 16, 1).add(sum));
                }),
            network(
                "squeeze and excite",
                Shape.chw(20, 5, 5),
                net -> net.multiply(net.globalAveragePool("p").conv("e", 20, 1).sigmoid())));
    Stream<Arguments> activations =
        Arrays.stream(Activation.Kind.values())
            .map(
                kind ->
                    network(
                        kind.name(),
                        Shape.chw(3, 5, 7),
                        net ->
                            net.conv("c", 20, 1)
                                .batchNorm("bn", 1)
                                .activate("a", new Activation(kind, 0.1f))
                                .globalAveragePool("p")
                                .activate("b", new Activation(kind, 0.1f))));
    Stream<Arguments> whole =
        Stream.of(
            Arguments.of("lenet5", Models.lenet5().network().graph()),
            Arguments.of("resnet18", Models.resnet18().network(Shape.chw(3, 64, 64), 10).graph()));
    return Stream.of(layers, activations, whole).flatMap(s -> s);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void oneDnnComputesWhatWeCompute(String name, Graph graph) {
    Workload workload = new Workload(name, graph, GoldenNumbers.of(graph, 1, Map.of()));
    float[] expected;
    CompileOptions options = CompileOptions.DEFAULT.maxBatch(BATCH).threads(1);
    try (Runner runner = new ConvoyRunner(workload, ReferenceBackend.float32(), options)) {
      runner.run();
      expected = runner.outputs()[0];
    }
    try (Runner runner = new OneDnnRunner(workload, Isa.best(), BATCH, 1)) {
      runner.run();
      runner.run(); // nothing that a run needs was overwritten
      assertClose(expected, runner.outputs()[0]);
    }
  }

  private static void assertClose(float[] expected, float[] actual) {
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

  @Test
  void whatOneDnnLacksIsRefusedByName() {
    Graph graph =
        Network.of(Shape.chw(4, 7, 7), net -> net.adaptiveAveragePool("pool", 5, 5)).graph();
    Workload workload = new Workload("odd", graph, GoldenNumbers.of(graph, 1, Map.of()));
    OneDnnException refusal =
        assertThrows(
            OneDnnException.class, () -> new OneDnnRunner(workload, Isa.best(), BATCH, 1).close());
    assertTrue(refusal.toString().contains("'pool'"), refusal.toString());
  }
}
