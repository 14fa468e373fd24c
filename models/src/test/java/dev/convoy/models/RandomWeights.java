package dev.convoy.models;

import dev.convoy.graph.Graph;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights that are nobody's, the same on every machine. */
final class RandomWeights {
  private RandomWeights() {}

  /** All that a network stores, in the order in which its layers use it. */
  static Weights of(Network network) {
    Graph graph = network.graph();
    GoldenNumbers numbers = GoldenNumbers.of(graph, Math.sqrt(2), Map.of());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.storedParameters().keySet().forEach(key -> tensors.put(key, numbers.tensor(key)));
    return Weights.of(tensors);
  }
}
