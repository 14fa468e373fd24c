package dev.convoy.graph;

import dev.convoy.Suggestion;
import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network as data: nodes in topological order, and which of them are results. Immutable; a node
 * is referred to by its position.
 */
public record Graph(List<Node> nodes, List<Integer> outputs) {

  /**
   * Checks that every node reads only earlier ones, has a name of its own, the shape its operation
   * infers and the parameters it asks for.
   */
  public Graph {
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    Set<String> names = new HashSet<>();
    for (int id = 0; id < nodes.size(); id++) {
      Node node = nodes.get(id);
      if (!names.add(node.name())) {
        throw new ShapeException(
            "two layers are called '" + node.name() + "': give one another name");
      }
      for (int input : node.inputs()) {
        if (input < 0 || input >= id) {
          throw new ShapeException(
              "layer '" + node.name() + "' reads value " + input + ", which is not before it");
        }
      }
      List<Shape> inputs = shapes(nodes, node.inputs());
      Shape inferred = node.op().infer(inputs);
      if (!inferred.equals(node.shape())) {
        throw new ShapeException(
            "layer '" + node.name() + "' says " + node.shape() + " but gives " + inferred);
      }
      checkParameters(node, inputs);
    }
    if (outputs.isEmpty()) {
      throw new ShapeException("a graph needs at least one output");
    }
    for (int output : outputs) {
      if (output < 0 || output >= nodes.size()) {
        throw new ShapeException("there is no node " + output + " to be an output");
      }
    }
  }

  private static void checkParameters(Node node, List<Shape> inputs) {
    List<ParameterSpec> specs = node.op().parameters(inputs);
    if (node.parameters().size() != specs.size()) {
      throw new ShapeException(
          "layer '%s' (%s) needs %d parameters, has %d"
              .formatted(node.name(), node.op(), specs.size(), node.parameters().size()));
    }
    for (int i = 0; i < specs.size(); i++) {
      Parameter parameter = node.parameters().get(i);
      Shape expected = specs.get(i).shape();
      if (!parameter.shape().equals(expected)) {
        throw new ShapeException(
            "parameter '%s' of layer '%s' must have shape %s, got %s"
                .formatted(parameter, node.name(), expected, parameter.shape()));
      }
    }
  }

  public Node node(int id) {
    return nodes.get(id);
  }

  /** The shapes that a node reads. */
  public List<Shape> inputShapes(Node node) {
    return shapes(nodes, node.inputs());
  }

  /** Positions of the nodes that the caller fills, in order. */
  public List<Integer> inputs() {
    return IntStream.range(0, nodes.size())
        .filter(id -> nodes.get(id).op() instanceof Input)
        .boxed()
        .toList();
  }

  /**
   * For each node the positions of the nodes that read it; a node that reads a value twice stands
   * twice.
   */
  public List<List<Integer>> consumers() {
    List<List<Integer>> consumers = new ArrayList<>();
    for (int id = 0; id < nodes.size(); id++) {
      consumers.add(new ArrayList<>());
      for (int input : nodes.get(id).inputs()) {
        consumers.get(input).add(id);
      }
    }
    return consumers;
  }

  /**
   * For each node the last one that reads it, itself if none does, and the number of nodes if it is
   * an output: until when its value is needed, with nodes run in their order.
   */
  public int[] lastUses() {
    int[] last = new int[nodes.size()];
    for (int id = 0; id < last.length; id++) {
      last[id] = id;
      for (int input : nodes.get(id).inputs()) {
        last[input] = id;
      }
    }
    outputs.forEach(output -> last[output] = nodes.size());
    return last;
  }

  /**
   * The node of this name, or the last node in the scope of this name ({@code layer1} is what
   * {@code layer1.1.relu} gives).
   */
  public OptionalInt find(String name) {
    for (int id = 0; id < nodes.size(); id++) {
      if (nodes.get(id).name().equals(name)) {
        return OptionalInt.of(id);
      }
    }
    return IntStream.range(0, nodes.size())
        .filter(id -> nodes.get(id).name().startsWith(name + "."))
        .max();
  }

  /** The same network with other results; each name as in {@link #find}. */
  public Graph withOutputs(List<String> names) {
    List<Integer> ids = new ArrayList<>();
    for (String name : names) {
      ids.add(find(name).orElseThrow(() -> new ShapeException(unknown(name))));
    }
    return new Graph(nodes, ids);
  }

  private String unknown(String name) {
    Set<String> known = new LinkedHashSet<>();
    for (Node node : nodes) {
      for (int dot = node.name().indexOf('.'); dot > 0; dot = node.name().indexOf('.', dot + 1)) {
        known.add(node.name().substring(0, dot));
      }
      known.add(node.name());
    }
    List<String> near = Suggestion.near(name, known, 3);
    return "there is no layer or scope '"
        + name
        + (near.isEmpty()
            ? "'; the last layer is '" + nodes.get(nodes.size() - 1).name() + "'"
            : "'; did you mean " + String.join(", ", near) + "?");
  }

  /** Every stored parameter once, in order of first use. */
  public Map<String, Parameter.Stored> storedParameters() {
    return stored(nodes.stream());
  }

  /** Those of {@link #storedParameters} that an output depends on. */
  public Map<String, Parameter.Stored> liveParameters() {
    return stored(live().stream().mapToObj(nodes::get));
  }

  private static Map<String, Parameter.Stored> stored(Stream<Node> nodes) {
    Map<String, Parameter.Stored> stored = new LinkedHashMap<>();
    nodes
        .flatMap(node -> node.storedParameters().stream())
        .forEach(leaf -> stored.putIfAbsent(leaf.key(), leaf));
    return stored;
  }

  /**
   * For each node whether an output depends on it. What none depends on, such as the auxiliary
   * heads of training, is not computed.
   */
  public BitSet live() {
    BitSet live = new BitSet();
    outputs.forEach(live::set);
    for (int id = live.length() - 1; id >= 0; id--) {
      if (live.get(id)) {
        nodes.get(id).inputs().forEach(live::set);
      }
    }
    return live;
  }

  /** Multiply-accumulates of convolutions and linear layers, of {@link #live} nodes, one image. */
  public long macs() {
    try {
      return live().stream()
          .mapToObj(nodes::get)
          .mapToLong(n -> n.op().macs(inputShapes(n), n.shape()))
          .reduce(0, Math::addExact);
    } catch (ArithmeticException e) {
      throw new ShapeException("the network takes more than 2^63 multiply-accumulates");
    }
  }

  private static List<Shape> shapes(List<Node> nodes, List<Integer> ids) {
    List<Shape> shapes = new ArrayList<>(ids.size());
    for (int id : ids) {
      shapes.add(nodes.get(id).shape());
    }
    return shapes;
  }

  /**
   * One line a node: {@code %3 = relu(%2) : 64x112x112 "relu"}, then the outputs. What tests of
   * passes compare.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int id = 0; id < nodes.size(); id++) {
      Node n = nodes.get(id);
      text.append("%")
          .append(id)
          .append(" = ")
          .append(n.op())
          .append(n.inputs().stream().map(i -> "%" + i).collect(Collectors.joining(", ", "(", ")")))
          .append(" : ")
          .append(n.shape())
          .append(
              n.layout() == Layout.PLAIN
                  ? ""
                  : " @" + n.layout().name().toLowerCase(java.util.Locale.ROOT))
          .append(" \"")
          .append(n.name())
          .append("\"\n");
    }
    return text.append("-> ")
        .append(outputs.stream().map(i -> "%" + i).collect(Collectors.joining(", ")))
        .append("\n")
        .toString();
  }
}
