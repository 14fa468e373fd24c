package dev.convoy.verify;

import dev.convoy.models.Architecture;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.util.Optional;

/**
 * Counts and keys of a published network.
 *
 * @param withoutAux the same for the network without its auxiliary heads, where it has some
 */
record FactsCase(String id, String model, NetworkFacts facts, Optional<NetworkFacts> withoutAux)
    implements GoldenCase {

  static FactsCase read(String id, JsonTree json) {
    return new FactsCase(
        id,
        json.get("model").text(),
        NetworkFacts.read(json),
        json.find("without_aux").map(NetworkFacts::read));
  }

  @Override
  public CaseResult compare(Subject subject) {
    Architecture architecture = GoldenNetwork.architecture(model);
    Shape image = facts.macsInput().map(GoldenNetwork::image).orElse(architecture.input());
    Network network = architecture.network(image);
    long keys = network.graph().storedParameters().size();
    Comparison comparison = new Comparison();
    withoutAux.filter(trunk -> trunk.keys() == keys).orElse(facts).check(comparison, network);
    return comparison.result(id);
  }
}
