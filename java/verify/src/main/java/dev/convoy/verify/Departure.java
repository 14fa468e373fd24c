package dev.convoy.verify;

import static java.util.stream.Collectors.toSet;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Mode;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Network;
import dev.convoy.optimize.DropIdentities;
import dev.convoy.optimize.Pass;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a backend departs from another on a network: every node of the suspect is held against what
 * the oracle computes <em>from the inputs that the suspect's node really read</em>. So differences
 * do not add up from node to node, a fault neither hides nor spreads, and the first node that
 * departs is the one at fault.
 *
 * <p>In {@code EXACT} mode operations that have a documented order of additions must give the same
 * bits; those that rest on exp, tanh, erf or a power, and bilinear resizing, may differ by 2e-6 of
 * the tensor's largest magnitude. In {@code FAST} mode every node may differ by 1e-4 of it, as
 * {@link Mode#FAST} promises.
 *
 * @param described every node of the network as it was described
 * @param optimised the nodes that passes make of them: folded and fused ones
 * @param whole the result of the optimised network as users run it, without intermediate outputs,
 *     against the same nodes with all of them kept: tells of memory that is reused too early
 */
public record Departure(
    List<NodeComparison> described, List<NodeComparison> optimised, NodeComparison whole) {
  public Departure {
    described = List.copyOf(described);
    optimised = List.copyOf(optimised);
  }

  /**
   * A backend against the float32 reference, on parameters and one image that are made from their
   * names: needs no files.
   */
  public static Departure find(Network network, Backend suspect, Mode mode) {
    GoldenNumbers parameters = GoldenNumbers.of(network.graph(), 1, Map.of());
    Shape image = network.input();
    Tensor input = new Tensor(image, GoldenNumbers.signed("input", image.intSize()));
    return find(network, parameters, input, suspect, ReferenceBackend.float32(), mode);
  }

  /**
   * Compares two backends on a network.
   *
   * @param input one image, or a batch of them
   * @throws dev.convoy.ConvoyException if a backend cannot compute the network, or the input does
   *     not fit
   */
  public static Departure find(
      Network network,
      ParameterSource parameters,
      Tensor input,
      Backend suspect,
      Backend oracle,
      Mode mode) {
    return find(network.graph(), parameters, input, suspect, oracle, mode);
  }

  /** The same for a graph with one input. */
  public static Departure find(
      Graph graph,
      ParameterSource parameters,
      Tensor input,
      Backend suspect,
      Backend oracle,
      Mode mode) {
    NodeByNode nodes = new NodeByNode(parameters, input, suspect, oracle, mode);
    Graph described = new DropIdentities().apply(graph);
    Graph optimised = Pass.optimize(graph);
    List<NodeComparison> asDescribed = nodes.compare(described, id -> true);
    Set<List<Object>> known = described.nodes().stream().map(Departure::work).collect(toSet());
    List<NodeComparison> asOptimised =
        nodes.compare(optimised, id -> !known.contains(work(optimised.node(id))));
    return new Departure(asDescribed, asOptimised, nodes.compareWhole(optimised));
  }

  /** What a node computes, wherever it stands. */
  private static List<Object> work(Node node) {
    return List.of(node.name(), node.op(), node.parameters());
  }

  /** The first node that departs, if one does. */
  public Optional<NodeComparison> first() {
    return all().filter(NodeComparison::departs).findFirst();
  }

  /** Everything that was compared. */
  public Stream<NodeComparison> all() {
    return Stream.concat(Stream.concat(described.stream(), optimised.stream()), Stream.of(whole));
  }

  /** A line a node, then the verdict. */
  public String toText() {
    StringBuilder text = new StringBuilder("as described\n");
    described.forEach(node -> text.append(node).append('\n'));
    text.append("folded and fused\n");
    optimised.forEach(node -> text.append(node).append('\n'));
    text.append("as run\n").append(whole).append('\n');
    return text.append(verdict()).append('\n').toString();
  }

  /** One sentence: no departure, or the first node that departs and by how much. */
  public String verdict() {
    return first()
        .map(node -> "'%s' departs first: %s".formatted(node.node(), node))
        .orElseGet(() -> "no node of " + all().count() + " departs");
  }
}
