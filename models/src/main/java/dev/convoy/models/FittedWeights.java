package dev.convoy.models;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.Parameter;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import dev.convoy.weights.Weights;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A network and weights that fit it key by key up to its classifier, whatever software they come
 * from.
 *
 * @param network as the weights were trained; its keys are the given one's
 * @param weights the tensors that the network stores; its classifier may be absent, or for another
 *     number of classes
 */
record FittedWeights(Network network, Weights weights) {
  private static final List<KeyNaming> NAMINGS = List.of(new OldDenseNetKeys(), new TimmKeys());

  /**
   * Translates the keys and compares them with the network's.
   *
   * @param network of that architecture, for any input and number of classes
   * @throws dev.convoy.weights.WeightsException with what is missing, unexpected and mis-shaped,
   *     and what the weights seem to be of instead
   */
  static FittedWeights of(Architecture architecture, Network network, Weights weights) {
    Set<String> keys = weights.shapes().keySet();
    Network trained = network;
    for (KeyNaming naming : NAMINGS) {
      if (naming.torchvision(architecture, keys).isPresent()) {
        trained = naming.trained(architecture, network);
      }
    }
    Weights translated = squeezed(weights.renamed(translation(architecture, keys)), network);
    Weights own = withoutHeads(architecture, translated, network);
    Weights matching =
        own.matching(backbone(trained.graph()), () -> cure(architecture, weights.shapes()));
    return new FittedWeights(trained, matching);
  }

  /** The same layers, with what the classifier reads as their results. */
  private static Graph backbone(Graph graph) {
    return classifier(graph)
        .map(classifier -> new Graph(graph.nodes(), classifier.inputs()))
        .orElse(graph);
  }

  /** The last layer with parameters. */
  static Optional<Node> classifier(Graph graph) {
    return graph.live().stream()
        .mapToObj(graph::node)
        .filter(node -> !node.storedParameters().isEmpty())
        .reduce((earlier, later) -> later);
  }

  /** From these keys to torchvision's; keys of no known scheme stay as they are. */
  static UnaryOperator<String> translation(Architecture architecture, Set<String> keys) {
    return NAMINGS.stream()
        .map(naming -> naming.torchvision(architecture, keys))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(UnaryOperator.identity());
  }

  /** Without the auxiliary heads that the network leaves out and published weights have. */
  private static Weights withoutHeads(Architecture architecture, Weights weights, Network network) {
    if (architecture.publishedAs().equals(architecture.name())) {
      return weights;
    }
    Network published = Catalog.find(architecture.publishedAs()).network();
    Set<String> heads = new HashSet<>(published.graph().storedParameters().keySet());
    heads.removeAll(network.graph().storedParameters().keySet());
    return weights.only(key -> !heads.contains(key));
  }

  /** Filters of 1×1 where the network has a linear layer are its matrix. */
  private static Weights squeezed(Weights weights, Network network) {
    Map<String, Parameter.Stored> stored = network.graph().storedParameters();
    Map<String, Shape> matrices = new LinkedHashMap<>();
    weights
        .shapes()
        .forEach(
            (key, shape) -> {
              Parameter.Stored parameter = stored.get(key);
              if (parameter != null && isMatrixOf(shape, parameter.shape())) {
                matrices.put(key, parameter.shape());
              }
            });
    return weights.reshaped(matrices);
  }

  private static boolean isMatrixOf(Shape filters, Shape matrix) {
    return filters.rank() == 4
        && matrix.rank() == 2
        && filters.equals(Shape.of(matrix.dim(0), matrix.dim(1), 1, 1));
  }

  private static Optional<String> cure(Architecture architecture, Map<String, Shape> shapes) {
    List<Architecture> alike = Recognition.of(shapes);
    String published = architecture.publishedAs();
    return alike.isEmpty() || alike.stream().anyMatch(a -> a.publishedAs().equals(published))
        ? Optional.empty()
        : Optional.of(
            "They look like the weights of "
                + alike.stream().map(Architecture::name).collect(Collectors.joining(" or ")));
  }
}
