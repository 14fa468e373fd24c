package dev.convoy.bench.onednn;

import dev.convoy.bench.onednn.Chain.Value;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;

/** The values of a graph on their way through a chain, and what operations need to make more. */
final class Values {
  private final engine processor;
  private final Chain chain;
  private final Graph graph;
  private final ParameterSource parameters;
  private final int batch;
  private final Uses uses;
  private final Map<Integer, Value> values = new HashMap<>();

  Values(engine processor, Chain chain, Graph graph, ParameterSource parameters, int batch) {
    this.processor = processor;
    this.chain = chain;
    this.graph = graph;
    this.parameters = parameters;
    this.batch = batch;
    this.uses = new Uses(graph);
  }

  engine processor() {
    return processor;
  }

  Chain chain() {
    return chain;
  }

  Graph graph() {
    return graph;
  }

  Uses uses() {
    return uses;
  }

  void put(int id, Value value) {
    values.put(id, value);
  }

  /** A value that the caller fills in our own order. */
  Value input(int id) {
    Value value = chain.value(plain(graph.node(id).shape()));
    values.put(id, value);
    return value;
  }

  /** A value in our own order, to be read when all has run. */
  Value output(int id) {
    return chain.in(plain(graph.node(id).shape()), shaped(id, "output"), "output");
  }

  /** What a node gave. */
  Value value(int id) {
    return Objects.requireNonNull(values.get(id), () -> "no value " + id);
  }

  /** The value with as many dimensions as its node says; flattens are made up for here. */
  Value shaped(int id, String layer) {
    Value value = value(id);
    Shape shape = graph.node(id).shape();
    if (value.format().get_ndims() == shape.rank() + 1) {
      return value;
    }
    Value ordered = chain.in(any(flattened(id), memory.format_tag.nchw), value, layer);
    return chain.value(plain(shape), ordered.buffer());
  }

  /** The map that a flatten made a vector of. */
  Shape flattened(int id) {
    Node node = graph.node(id);
    return node.op() instanceof Flatten ? flattened(node.inputs().get(0)) : node.shape();
  }

  /** What a node reads first. */
  Value first(Node node) {
    return shaped(node.inputs().get(0), node.name());
  }

  /** A batch in our own order. */
  memory.desc plain(Shape shape) {
    return any(shape, shape.rank() == 1 ? memory.format_tag.nc : memory.format_tag.nchw);
  }

  /** A batch in whatever order a primitive likes best. */
  memory.desc any(Shape shape) {
    return any(shape, memory.format_tag.any);
  }

  memory.desc any(Shape shape, memory.format_tag tag) {
    int[] dims = shape.batch(batch).toArray();
    return OneDnnNetwork.desc(Arrays.stream(dims).asLongStream().toArray(), tag);
  }

  /** A parameter of a node, brought from our order into the wanted one. */
  memory parameter(Node node, int index, memory.desc given, memory.desc wanted) {
    return chain.parameter(node.parameters().get(index).value(parameters).values(), given, wanted);
  }

  /** One number per channel. */
  static memory.desc vector(long length) {
    return OneDnnNetwork.desc(new long[] {length}, memory.format_tag.a);
  }

  /** Appends a primitive of one input and one output. */
  Value run(Node node, primitive action, memory.desc out, Value in) {
    Value result = chain.value(out);
    chain.add(
        node.name(),
        action,
        Map.of(dnnl.DNNL_ARG_SRC, in.data(), dnnl.DNNL_ARG_DST, result.data()));
    return result;
  }

  /** What a primitive does to its result before it writes it. */
  primitive_attr after(boolean sum, Activation activation) {
    return chain.own(PostOperations.attributes(sum, activation));
  }

  /** A reordered copy is needed by one primitive only. */
  void releaseCopy(Value copy, Value original) {
    if (copy.buffer() != original.buffer()) {
      chain.release(copy);
    }
  }

  /** Why a network has no figure. */
  static OneDnnException refusal(Node node, String why) {
    return new OneDnnException(
        "layer '%s' (%s): oneDNN cannot express it: %s".formatted(node.name(), node.op(), why));
  }
}
