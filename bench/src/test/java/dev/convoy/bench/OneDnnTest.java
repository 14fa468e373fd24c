package dev.convoy.bench;

import static dev.convoy.bench.SmallNetworks.BATCH;
import static dev.convoy.bench.SmallNetworks.assertClose;
import static dev.convoy.bench.SmallNetworks.convoy;
import static dev.convoy.bench.SmallNetworks.network;
import static dev.convoy.bench.SmallNetworks.pool;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.bench.onednn.OneDnnException;
import dev.convoy.cpu.Isa;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.models.Models;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a chain of oneDNN's primitives computes is what the reference backend computes. */
final class OneDnnTest {
  @BeforeAll
  static void needsNativeCode() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without native kernels");
  }

  static Stream<Arguments> networks() {
    Window three = Window.of(3).stride(2).padding(1);
    Stream<Arguments> layers =
        Stream.of(
            SmallNetworks.convolutions(),
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
    Workload workload = SmallNetworks.workload(name, graph);
    float[] expected = convoy(workload, ReferenceBackend.float32());
    try (Runner runner = new OneDnnRunner(workload, Isa.best(), BATCH, 1)) {
      runner.run();
      runner.run(); // nothing that a run needs was overwritten
      assertClose(expected, runner.outputs()[0]);
    }
  }

  @Test
  void whatOneDnnLacksIsRefusedByName() {
    Graph graph =
        Network.of(Shape.chw(4, 7, 7), net -> net.adaptiveAveragePool("pool", 5, 5)).graph();
    Workload workload = SmallNetworks.workload("odd", graph);
    OneDnnException refusal =
        assertThrows(
            OneDnnException.class, () -> new OneDnnRunner(workload, Isa.best(), BATCH, 1).close());
    assertTrue(refusal.toString().contains("'pool'"), refusal.toString());
  }
}
