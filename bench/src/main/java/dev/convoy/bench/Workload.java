package dev.convoy.bench;

import dev.convoy.cli.Weighted;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.models.Architecture;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import java.util.List;

/**
 * A network with weights, and images for it.
 *
 * @param name what users call the network
 * @param graph as described, before any pass
 */
record Workload(String name, Graph graph, ParameterSource parameters) {
  /** A published network with random weights, the same in every run. */
  static Workload of(Architecture architecture) {
    return of(architecture.name(), architecture.network());
  }

  /** Any network with random weights, the same in every run. */
  static Workload of(String name, Network network) {
    return of(name, Weighted.madeUp(network));
  }

  static Workload of(String name, Weighted subject) {
    return new Workload(name, subject.network().graph(), subject.parameters());
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
