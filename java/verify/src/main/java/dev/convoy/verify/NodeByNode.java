package dev.convoy.verify;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Add;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.Softmax;
import dev.convoy.plan.Plan;
import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Runs a graph on a suspect with every value kept, then each node alone on an oracle, fed with what
 * the suspect's node read.
 */
final class NodeByNode {
  /** Floats kept at once; a larger graph is run in parts. */
  private static final long MAX_FLOATS = 1L << 26;

  private static final double EXACT_FUNCTION = 2e-6;
  private static final double FAST = 1e-4;

  private final ParameterSource parameters;
  private final Tensor input;
  private final Backend suspect;
  private final Backend oracle;
  private final Mode mode;

  NodeByNode(ParameterSource parameters, Tensor input, Backend suspect, Backend oracle, Mode mode) {
    this.parameters = parameters;
    this.input = input;
    this.suspect = suspect;
    this.oracle = oracle;
    this.mode = mode;
  }

  /** Compares the chosen nodes, in the graph's order. */
  List<NodeComparison> compare(Graph graph, IntPredicate chosen) {
    int batch = batch(graph);
    List<NodeComparison> comparisons = new ArrayList<>();
    for (List<Integer> part : parts(graph, batch, chosen)) {
      comparisons.addAll(compare(graph, batch, part));
    }
    return comparisons;
  }

  private int batch(Graph graph) {
    List<Integer> inputs = graph.inputs();
    if (inputs.size() != 1) {
      throw new ShapeException("expected a network with one input, got " + inputs.size());
    }
    Shape image = graph.node(inputs.get(0)).shape();
    boolean batched = input.shape().rank() == image.rank() + 1;
    int batch = batched ? input.shape().dim(0) : 1;
    Shape expected = batched ? image.batch(batch) : image;
    if (!input.shape().equals(expected)) {
      throw new ShapeException(
          "the network reads images of shape %s (or a batch of them), got %s"
              .formatted(image, input.shape()));
    }
    return batch;
  }

  /** Nodes to compare, cut where the values that must be kept would outgrow {@link #MAX_FLOATS}. */
  private static List<List<Integer>> parts(Graph graph, int batch, IntPredicate chosen) {
    List<List<Integer>> parts = new ArrayList<>();
    List<Integer> part = new ArrayList<>();
    long floats = 0;
    for (int id = 0; id < graph.nodes().size(); id++) {
      Node node = graph.node(id);
      if (!(node.op() instanceof Input) && chosen.test(id)) {
        long more = node.shape().size() * batch;
        for (int source : node.inputs()) {
          more += graph.node(source).shape().size() * batch;
        }
        if (floats + more > MAX_FLOATS && !part.isEmpty()) {
          parts.add(part);
          part = new ArrayList<>();
          floats = 0;
        }
        part.add(id);
        floats += more;
      }
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  private List<NodeComparison> compare(Graph graph, int batch, List<Integer> part) {
    TreeSet<Integer> kept = new TreeSet<>(part);
    part.forEach(id -> kept.addAll(graph.node(id).inputs()));
    kept.removeAll(graph.inputs());
    Map<String, String> algorithms = new HashMap<>();
    Map<Integer, float[]> values = values(graph, batch, List.copyOf(kept), algorithms);
    List<NodeComparison> comparisons = new ArrayList<>();
    for (int id : part) {
      Node node = graph.node(id);
      comparisons.add(
          NodeComparison.of(
              node.name(),
              node.op() + " : " + node.shape(),
              algorithms.getOrDefault(node.name(), ""),
              value(values, id),
              alone(graph, node, batch, values),
              absmax -> tolerance(node.op(), absmax)));
    }
    return comparisons;
  }

  /** The suspect's values of these nodes, and of the graph's input. */
  private Map<Integer, float[]> values(
      Graph graph, int batch, List<Integer> outputs, Map<String, String> algorithms) {
    float[][] results = buffers(graph, batch, outputs);
    Graph exposed = new Graph(graph.nodes(), outputs);
    try (Plan plan = Plan.compile(exposed, parameters, suspect, options(batch))) {
      plan.run(batch, new float[][] {input.values()}, results);
      plan.choices().forEach(choice -> algorithms.put(choice.node(), choice.algorithm()));
    }
    Map<Integer, float[]> values = new HashMap<>();
    values.put(graph.inputs().get(0), input.values());
    for (int i = 0; i < results.length; i++) {
      values.put(outputs.get(i), results[i]);
    }
    return values;
  }

  private CompileOptions options(int batch) {
    return CompileOptions.DEFAULT.maxBatch(batch).mode(mode);
  }

  private static float[][] buffers(Graph graph, int batch, List<Integer> outputs) {
    float[][] buffers = new float[outputs.size()][];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = new float[graph.node(outputs.get(i)).shape().batch(batch).intSize()];
      Arrays.fill(buffers[i], Float.NaN); // what a run forgets to write must not look right
    }
    return buffers;
  }

  private static float[] value(Map<Integer, float[]> values, int id) {
    float[] value = values.get(id);
    if (value == null) {
      throw new IllegalStateException("value " + id + " was not kept");
    }
    return value;
  }

  /** The oracle's result of one node for the suspect's inputs. */
  private float[] alone(Graph graph, Node node, int batch, Map<Integer, float[]> values) {
    GraphBuilder builder = new GraphBuilder();
    List<Integer> operands = new ArrayList<>();
    List<float[]> inputs = new ArrayList<>();
    for (int source : node.inputs()) {
      operands.add(
          builder.add(
              "operand " + operands.size(), new Input(graph.node(source).shape()), List.of()));
      inputs.add(value(values, source));
    }
    int id =
        builder.add(
            new Node(
                node.name(), node.op(), operands, node.parameters(), node.shape(), Layout.PLAIN));
    Graph single = builder.build(List.of(id));
    float[][] results = buffers(single, batch, single.outputs());
    try (Plan plan = Plan.compile(single, parameters, oracle, options(batch))) {
      plan.run(batch, inputs.toArray(float[][]::new), results);
    }
    return results[0];
  }

  /** The optimised network as it is, against the same with every value kept. */
  NodeComparison compareWhole(Graph optimised) {
    int batch = batch(optimised);
    int result = optimised.outputs().get(0);
    float[] lean = value(values(optimised, batch, List.of(result), new HashMap<>()), result);
    List<List<Integer>> parts = parts(optimised, batch, id -> true);
    TreeSet<Integer> everything = new TreeSet<>(parts.get(parts.size() - 1));
    everything.add(result);
    float[] kept =
        value(values(optimised, batch, List.copyOf(everything), new HashMap<>()), result);
    Node node = optimised.node(result);
    return NodeComparison.of(
        node.name(),
        "the network's result : " + node.shape(),
        "",
        lean,
        kept,
        absmax -> mode == Mode.EXACT ? bits() : fast(absmax));
  }

  private Tolerance tolerance(Op op, double absmax) {
    if (mode != Mode.EXACT) {
      return fast(absmax);
    }
    return isExact(op)
        ? bits()
        : new Tolerance(EXACT_FUNCTION * absmax, EXACT_FUNCTION + " absmax");
  }

  private static Tolerance bits() {
    return new Tolerance(0, "bit for bit");
  }

  private static Tolerance fast(double absmax) {
    return new Tolerance(FAST * absmax, FAST + " absmax");
  }

  /** Whether {@code EXACT} promises the bits of this operation. */
  private static boolean isExact(Op op) {
    if (op instanceof Softmax || op instanceof LocalResponseNorm) {
      return false;
    }
    if (op instanceof Resize2d resize) {
      return resize.mode() == Resize2d.Mode.NEAREST;
    }
    if (op instanceof Activate activate) {
      return isExact(activate.activation());
    }
    if (op instanceof Conv2d conv) {
      return isExact(conv.activation());
    }
    if (op instanceof Linear linear) {
      return isExact(linear.activation());
    }
    return !(op instanceof Add add) || isExact(add.activation());
  }

  /** Whether a function needs nothing but additions, products, comparisons and divisions. */
  private static boolean isExact(Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY, RELU, RELU6, LEAKY_RELU, HARD_SIGMOID, HARD_SWISH -> true;
      case SIGMOID, TANH, SILU, ELU, GELU, SOFTPLUS, MISH -> false;
    };
  }
}
