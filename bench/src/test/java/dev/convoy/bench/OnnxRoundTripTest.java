package dev.convoy.bench;

import static dev.convoy.bench.SmallNetworks.BATCH;
import static dev.convoy.bench.SmallNetworks.assertClose;
import static dev.convoy.bench.SmallNetworks.convoy;
import static dev.convoy.bench.SmallNetworks.network;
import static dev.convoy.bench.SmallNetworks.pool;

import dev.convoy.bench.onnx.OnnxExporter;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.Window;
import dev.convoy.models.Models;
import dev.convoy.nn.Net;
import dev.convoy.optimize.Pass;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What ONNX Runtime makes of an exported file is what our backends compute. */
final class OnnxRoundTripTest {
  @TempDir private Path folder;

  static Stream<Arguments> networks() {
    Window three = Window.of(3).stride(2).padding(1);
    Stream<Arguments> layers =
        Stream.of(
            SmallNetworks.convolutions(),
            network("linear", Shape.of(7), net -> net.linear("a", 5).linear("b", 3)),
            network(
                "norms",
                Shape.chw(7, 5, 6),
                net ->
                    net.batchNorm("bn", 1e-3)
                        .localResponseNorm(5, 0.3, 0.75, 2)
                        .localResponseNorm(3, 1, 0.5, 1)),
            network("layer norm of a vector", Shape.of(9), net -> net.layerNorm("ln", 1e-5)),
            network(
                "ConvNeXt's block",
                Shape.chw(6, 9, 8),
                net ->
                    net.conv("dw", Conv2d.of(6, 7).padding(3).groups(6))
                        .layerNorm("ln", 1e-6)
                        .pointwiseLinear("wide", 24)
                        .gelu()
                        .pointwiseLinear("narrow", 6)
                        .layerScale("layer_scale")
                        .add(net)),
            pool("max pool", Pool2d.of(Pooling.MAX, three)),
            pool("max pool, rounded up", Pool2d.of(Pooling.MAX, Window.of(3).stride(2)).ceil()),
            pool("max pool, dilated", Pool2d.of(Pooling.MAX, Window.of(3).dilation(2).padding(1))),
            pool("min pool", Pool2d.of(Pooling.MIN, three)),
            pool("average pool", Pool2d.of(Pooling.AVERAGE, three)),
            pool("average pool, real pixels", Pool2d.of(Pooling.AVERAGE, three).excludePad()),
            pool(
                "average pool, rounded up",
                Pool2d.of(Pooling.AVERAGE, Window.of(4).stride(3).padding(1)).ceil()),
            pool(
                "average pool, real pixels, rounded up",
                Pool2d.of(Pooling.AVERAGE, Window.of(4).stride(3).padding(1)).ceil().excludePad()),
            network("global average pool", Shape.chw(5, 4, 3), net -> net.globalAveragePool("p")),
            network("global max pool", Shape.chw(5, 4, 3), net -> net.adaptiveMaxPool("p", 1, 1)),
            network(
                "adaptive pool to its own size",
                Shape.chw(5, 6, 6),
                net -> net.adaptiveAveragePool("p", 6, 6)),
            network(
                "adaptive pool, equal windows",
                Shape.chw(5, 12, 9),
                net -> net.adaptiveMaxPool("p", 6, 3)),
            network(
                "adaptive pool, windows that overlap",
                Shape.chw(5, 7, 7),
                net -> net.adaptiveAveragePool("p", 6, 6)),
            network(
                "branches",
                Shape.chw(4, 5, 5),
                net -> net.conv("a", 4, 1).add(net).concat(net.relu(), net.sigmoid())),
            network("softmax over channels", Shape.chw(4, 3, 2), Net::softmax),
            network("log-softmax of a vector", Shape.of(9), Net::logSoftmax),
            network(
                "flatten and dropout",
                Shape.chw(3, 4, 5),
                net -> net.flatten().dropout(0.5).linear("a", 2)),
            network("zeros around", Shape.chw(3, 4, 5), net -> net.pad(1, 2, 0, 3)),
            network(
                "edges repeated",
                Shape.chw(3, 4, 5),
                net -> net.pad(new Pad2d(Pad2d.Mode.EDGE, 0, 2, 1, 3, 0))),
            network(
                "reflection",
                Shape.chw(3, 4, 5),
                net -> net.pad(new Pad2d(Pad2d.Mode.REFLECT, 0, 2, 1, 3, 4))),
            network("nearest, larger", Shape.chw(3, 4, 5), net -> net.resizeNearest(8, 15)),
            network("nearest, smaller", Shape.chw(3, 9, 8), net -> net.resizeNearest(3, 4)),
            network("bilinear", Shape.chw(3, 4, 5), net -> net.resizeBilinear(9, 7)),
            network(
                "bilinear, corners aligned",
                Shape.chw(3, 4, 5),
                net -> net.layer("r", new Resize2d(Resize2d.Mode.BILINEAR, true, 9, 7))));
    Stream<Arguments> activations =
        Arrays.stream(Activation.Kind.values())
            .map(
                kind ->
                    network(
                        kind.name(),
                        Shape.chw(3, 5, 7),
                        net ->
                            net.conv("c", 20, 1).activate("a", new Activation(kind, alpha(kind)))));
    Graph resnet = Models.resnet18().network(Shape.chw(3, 64, 64), 10).graph();
    Stream<Arguments> whole =
        Stream.of(
            Arguments.of("lenet5", Models.lenet5().network().graph()),
            Arguments.of("resnet18", resnet),
            Arguments.of("resnet18 after our passes", Pass.optimize(resnet)));
    return Stream.of(layers, activations, whole).flatMap(s -> s);
  }

  private static float alpha(Activation.Kind kind) {
    return switch (kind) {
      case LEAKY_RELU -> 0.1f;
      case ELU -> 0.7f;
      default -> 0;
    };
  }

  private float[] onnxRuntime(Workload workload) {
    Path file = folder.resolve("network.onnx");
    OnnxExporter.write(workload.graph(), workload.parameters(), file);
    try (Runner runner = new OnnxRuntimeRunner(workload, file, BATCH, 1)) {
      runner.run();
      return runner.outputs()[0];
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void onnxRuntimeComputesWhatWeCompute(String name, Graph graph) {
    Workload workload = SmallNetworks.workload(name, graph);
    float[] theirs = onnxRuntime(workload);
    assertClose(convoy(workload, ReferenceBackend.float32()), theirs);
    if (!Boolean.getBoolean("convoy.native.skip")) {
      assertClose(theirs, convoy(workload, CpuBackend.create()));
    }
  }
}
