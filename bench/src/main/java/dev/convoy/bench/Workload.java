package dev.convoy.bench;

import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.models.Architecture;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network with weights, and images for it.
 *
 * @param name what users call the network
 * @param graph as described, before any pass
 */
record Workload(String name, Graph graph, ParameterSource parameters) {
  /** Keeps the magnitude of activations behind ReLU (He et al., arXiv:1502.01852). */
  private static final double HE_GAIN = Math.sqrt(2);

  /** A published network with random weights, the same in every run. */
  static Workload of(Architecture architecture) {
    return of(architecture.name(), architecture.network());
  }

  /** A published network with the weights of a file. */
  static Workload of(Architecture architecture, @Nullable Path weights) {
    if (weights == null) {
      return of(architecture);
    }
    Graph graph = architecture.network().graph();
    return new Workload(architecture.name(), graph, Weights.load(weights).matching(graph));
  }

  /** Any network with random weights, the same in every run. */
  static Workload of(String name, Network network) {
    Graph graph = network.graph();
    return new Workload(name, graph, GoldenNumbers.of(graph, HE_GAIN, Map.of()));
  }

  /** For every input of the graph a batch of random numbers in [-1, 1), the same in every run. */
  float[][] inputs(int batch) {
    return graph.inputs().stream()
        .map(graph::node)
        .map(node -> GoldenNumbers.signed(node.name(), node.shape().batch(batch).intSize()))
        .toArray(float[][]::new);
  }

  /** Room for every output of the graph. */
  float[][] outputs(int batch) {
    return graph.outputs().stream()
        .map(id -> new float[graph.node(id).shape().batch(batch).intSize()])
        .toArray(float[][]::new);
  }

  /** Shapes of the inputs and a batch, as peers want them. */
  List<long[]> inputShapes(int batch) {
    return shapes(graph.inputs(), batch);
  }

  List<long[]> outputShapes(int batch) {
    return shapes(graph.outputs(), batch);
  }

  private List<long[]> shapes(List<Integer> ids, int batch) {
    return ids.stream()
        .map(id -> graph.node(id).shape().batch(batch).toArray())
        .map(dims -> java.util.Arrays.stream(dims).asLongStream().toArray())
        .toList();
  }
}
