package dev.convoy.bench.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.Graph;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.ParameterSource;
import dev.convoy.models.Models;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the exporter refuses; {@code OnnxRoundTripTest} is about what it writes. */
final class OnnxExporterTest {
  @TempDir private Path folder;

  private static Arguments network(String name, Shape input, UnaryOperator<Net> layers) {
    return Arguments.of(name, Network.of(input, layers).graph());
  }

  private static ParameterSource parameters(Graph graph) {
    return GoldenNumbers.of(graph, 1, Map.of());
  }

  static Stream<Arguments> inexpressible() {
    return Stream.of(
        network(
            "an even LRN",
            Shape.chw(4, 3, 3),
            net -> net.layer("norm", new LocalResponseNorm(4, 1, 1, 1))),
        network(
            "windows that differ",
            Shape.chw(4, 7, 7),
            net -> net.adaptiveAveragePool("norm", 5, 5)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inexpressible")
  void whatOnnxLacksIsRefusedByName(String name, Graph graph) {
    OnnxExportException refusal =
        assertThrows(
            OnnxExportException.class,
            () -> OnnxExporter.write(graph, parameters(graph), folder.resolve("no.onnx")));
    assertTrue(refusal.toString().contains("'norm'"), refusal.toString());
  }

  @Test
  void whatNoOutputDependsOnIsLeftOut() {
    Graph graph =
        Network.of(
                Shape.chw(4, 7, 7),
                net -> net.conv("a", 2, 1).adaptiveAveragePool("auxiliary", 5, 5))
            .graph()
            .withOutputs(List.of("a"));
    Path file = folder.resolve("a.onnx");
    OnnxExporter.write(graph, parameters(graph), file);
    assertTrue(Files.exists(file));
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Graph graph = Models.lenet5().network().graph();
    Path nowhere = folder.resolve("missing").resolve("network.onnx");
    OnnxExportException failure =
        assertThrows(
            OnnxExportException.class, () -> OnnxExporter.write(graph, parameters(graph), nowhere));
    assertTrue(failure.toString().contains(nowhere.toString()), failure.toString());
  }

  @Test
  void namesAreThoseOfTheNodes() {
    Graph graph = Models.lenet5().network().graph();
    assertEquals(List.of("input"), OnnxExporter.inputNames(graph));
    assertEquals(
        List.of(graph.node(graph.outputs().get(0)).name()), OnnxExporter.outputNames(graph));
  }
}
