package dev.convoy.verify;

import dev.convoy.graph.Graph;
import dev.convoy.models.Architecture;
import dev.convoy.models.Catalog;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A published network as golden files fill it.
 *
 * @param gain of filters and linear weights
 * @param gains other gains for keys with these prefixes
 */
record GoldenNetwork(String model, double gain, Map<String, Double> gains) {
  /** Members {@code model}, {@code gain} and {@code gains}. */
  static GoldenNetwork read(JsonTree json) {
    Map<String, Double> gains = new HashMap<>();
    if (json.has("gains")) {
      for (JsonTree entry : json.get("gains").list()) {
        gains.put(entry.list(2).get(0).text(), entry.list(2).get(1).number());
      }
    }
    return new GoldenNetwork(json.get("model").text(), json.get("gain").number(), gains);
  }

  /**
   * @throws UnsupportedCaseException if there is no such model
   */
  static Architecture architecture(String model) {
    return Catalog.all().stream()
        .filter(architecture -> architecture.name().equals(model))
        .findFirst()
        .orElseThrow(
            () -> new UnsupportedCaseException("no model '" + model + "' in the catalogue"));
  }

  /** The network for a batch of this shape. */
  Network network(Shape batch, int classes) {
    return architecture(model).network(image(batch), classes);
  }

  GoldenNumbers parameters(Graph graph) {
    return GoldenNumbers.of(graph, gain, gains);
  }

  /** One image of a batch. */
  static Shape image(Shape batch) {
    return Shape.of(Arrays.copyOfRange(batch.toArray(), 1, batch.rank()));
  }
}
