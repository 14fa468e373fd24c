package dev.convoy.bench.onednn;

import dev.convoy.bench.onednn.Chain.Value;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.lrn_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.softmax_forward;

/** Translates the nodes of an optimised graph into primitives of a chain. */
final class OneDnnOperations {
  private static final int INFERENCE = dnnl.dnnl_forward_inference;

  private final engine processor;
  private final Chain chain;
  private final Graph graph;
  private final ParameterSource parameters;
  private final int batch;
  private final Uses uses;
  private final Map<Integer, Value> values = new HashMap<>();

  OneDnnOperations(
      engine processor,
      Chain chain,
      Graph graph,
      ParameterSource parameters,
      int batch,
      Uses uses) {
    this.processor = processor;
    this.chain = chain;
    this.graph = graph;
    this.parameters = parameters;
    this.batch = batch;
    this.uses = uses;
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

  /**
   * Appends the primitives of a node.
   *
   * @throws OneDnnException naming the layer if oneDNN has none with the same results
   */
  void add(int id) {
    Node node = graph.node(id);
    if (uses.isName(id)) {
      values.put(id, value(node.inputs().get(0)));
      return;
    }
    try {
      values.put(id, translate(id, node));
    } catch (OneDnnException e) {
      throw e;
    } catch (RuntimeException e) { // of oneDNN's C++ errors
      throw new OneDnnException(
          "layer '%s' (%s): oneDNN says %s".formatted(node.name(), node.op(), e.getMessage()), e);
    }
    for (int input : node.inputs()) {
      Value value = value(input);
      // what an in-place operation overwrote has passed its memory on
      if (uses.end(input) && value.buffer() != values.get(id).buffer()) {
        chain.release(value);
      }
    }
  }

  private Value translate(int id, Node node) {
    Op op = node.op();
    if (op instanceof Conv2d conv) {
      return conv(node, conv);
    } else if (op instanceof Linear linear) {
      return linear(node, linear);
    } else if (op instanceof Pool2d pool) {
      return pool(node, pool);
    } else if (op instanceof AdaptivePool2d pool) {
      return adaptivePool(node, pool);
    } else if (op instanceof BatchNorm norm) {
      return batchNorm(node, norm, uses.endsInRelu(id));
    } else if (op instanceof LocalResponseNorm norm) {
      return localResponseNorm(node, norm);
    } else if (op instanceof Activate activate) {
      return activate(node, activate.activation());
    } else if (op instanceof Softmax softmax) {
      return softmax(node, softmax);
    } else if (op instanceof Add add) {
      Value b = shaped(node.inputs().get(1), node.name());
      return binary(node, dnnl.dnnl_binary_add, b, add.activation());
    } else if (op instanceof Multiply) {
      return binary(node, dnnl.dnnl_binary_mul, factors(node), Activation.IDENTITY);
    } else if (op instanceof Concat) {
      return concat(node);
    }
    throw refusal(node, "there is no primitive for it");
  }

  private static OneDnnException refusal(Node node, String why) {
    return new OneDnnException(
        "layer '%s' (%s): oneDNN cannot express it: %s".formatted(node.name(), node.op(), why));
  }

  // ---- values

  private Value value(int id) {
    return java.util.Objects.requireNonNull(values.get(id), () -> "no value " + id);
  }

  /** The value with as many dimensions as its node says; flattens are made up for here. */
  private Value shaped(int id, String layer) {
    Value value = value(id);
    Shape shape = graph.node(id).shape();
    if (value.format().get_ndims() == shape.rank() + 1) {
      return value;
    }
    Value ordered = chain.in(any(flattened(id), memory.format_tag.nchw), value, layer);
    return chain.value(plain(shape), ordered.buffer());
  }

  /** The map that a flatten made a vector of. */
  private Shape flattened(int id) {
    Node node = graph.node(id);
    return node.op() instanceof Flatten ? flattened(node.inputs().get(0)) : node.shape();
  }

  private Value first(Node node) {
    return shaped(node.inputs().get(0), node.name());
  }

  private memory.desc plain(Shape shape) {
    return any(shape, shape.rank() == 1 ? memory.format_tag.nc : memory.format_tag.nchw);
  }

  private memory.desc any(Shape shape) {
    return any(shape, memory.format_tag.any);
  }

  private memory.desc any(Shape shape, memory.format_tag tag) {
    int[] dims = shape.batch(batch).toArray();
    return OneDnnNetwork.desc(java.util.Arrays.stream(dims).asLongStream().toArray(), tag);
  }

  private memory parameter(Node node, int index, memory.desc given, memory.desc wanted) {
    return chain.parameter(node.parameters().get(index).value(parameters).values(), given, wanted);
  }

  private static memory.desc vector(long length) {
    return OneDnnNetwork.desc(new long[] {length}, memory.format_tag.a);
  }

  private Value run(Node node, primitive action, memory.desc out, Value in) {
    Value result = chain.value(out);
    chain.add(
        node.name(),
        action,
        Map.of(dnnl.DNNL_ARG_SRC, in.data(), dnnl.DNNL_ARG_DST, result.data()));
    return result;
  }

  private primitive_attr after(boolean sum, Activation activation) {
    return chain.own(PostOperations.attributes(sum, activation));
  }

  // ---- operations

  private Value conv(Node node, Conv2d conv) {
    Shape in = graph.inputShapes(node).get(0);
    Window w = conv.window();
    long groups = conv.groups();
    long[] filter = {conv.outChannels(), in.channels() / groups, w.kernelH(), w.kernelW()};
    long[] grouped = {groups, filter[0] / groups, filter[1], filter[2], filter[3]};
    long[] dims = groups == 1 ? filter : grouped;
    memory.desc bias = vector(conv.outChannels());
    memory.desc anyWeights = OneDnnNetwork.desc(dims, memory.format_tag.any);
    long[] stride = {w.strideH(), w.strideW()};
    long[] dilation = {w.dilationH() - 1L, w.dilationW() - 1L};
    long[] before = {w.top(), w.left()};
    long[] behind = {w.bottom(), w.right()};
    primitive_attr attributes = after(conv.residual(), conv.activation());
    convolution_forward.primitive_desc how =
        chain.own(
            conv.bias()
                ? new convolution_forward.primitive_desc(
                    processor,
                    INFERENCE,
                    dnnl.dnnl_convolution_auto,
                    any(in),
                    anyWeights,
                    bias,
                    any(node.shape()),
                    stride,
                    dilation,
                    before,
                    behind,
                    attributes,
                    false)
                : new convolution_forward.primitive_desc(
                    processor,
                    INFERENCE,
                    dnnl.dnnl_convolution_auto,
                    any(in),
                    anyWeights,
                    any(node.shape()),
                    stride,
                    dilation,
                    before,
                    behind,
                    attributes,
                    false));
    Value given = first(node);
    Value source = chain.in(how.src_desc(), given, node.name());
    Value result = conv.residual() ? residual(node, how.dst_desc()) : chain.value(how.dst_desc());
    memory.desc plain =
        OneDnnNetwork.desc(dims, groups == 1 ? memory.format_tag.oihw : memory.format_tag.goihw);
    Map<Integer, memory> arguments = new HashMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, source.data());
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, parameter(node, 0, plain, how.weights_desc()));
    if (conv.bias()) {
      arguments.put(dnnl.DNNL_ARG_BIAS, parameter(node, 1, bias, bias));
    }
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    chain.add(node.name(), new convolution_forward(how), arguments);
    releaseCopy(source, given);
    return result;
  }

  /** The residual as the memory that a convolution adds to: its own where nobody needs it later. */
  private Value residual(Node node, memory.desc wanted) {
    int id = node.inputs().get(1);
    Value residual = shaped(id, node.name());
    return uses.isLast(id) && residual.format().equals(wanted)
        ? residual
        : chain.copy(wanted, residual, node.name());
  }

  private void releaseCopy(Value copy, Value original) {
    if (copy.buffer() != original.buffer()) {
      chain.release(copy);
    }
  }

  private Value linear(Node node, Linear linear) {
    int input = node.inputs().get(0);
    Value given = value(input);
    // a flattened map is read as it lies, the weights are reordered to fit
    boolean map = given.format().get_ndims() == 4;
    Shape in = map ? flattened(input) : graph.node(input).shape();
    long[] dims =
        map
            ? new long[] {linear.outFeatures(), in.channels(), in.height(), in.width()}
            : new long[] {linear.outFeatures(), in.dim(0)};
    memory.desc bias = vector(linear.outFeatures());
    memory.desc anyWeights = OneDnnNetwork.desc(dims, memory.format_tag.any);
    primitive_attr attributes = after(false, linear.activation());
    memory.desc out = plain(node.shape());
    inner_product_forward.primitive_desc how =
        chain.own(
            linear.bias()
                ? new inner_product_forward.primitive_desc(
                    processor, INFERENCE, any(in), anyWeights, bias, out, attributes, false)
                : new inner_product_forward.primitive_desc(
                    processor, INFERENCE, any(in), anyWeights, out, attributes, false));
    Value source = chain.in(how.src_desc(), given, node.name());
    Value result = chain.value(how.dst_desc());
    memory.desc plain =
        OneDnnNetwork.desc(dims, map ? memory.format_tag.oihw : memory.format_tag.oi);
    Map<Integer, memory> arguments = new HashMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, source.data());
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, parameter(node, 0, plain, how.weights_desc()));
    if (linear.bias()) {
      arguments.put(dnnl.DNNL_ARG_BIAS, parameter(node, 1, bias, bias));
    }
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    chain.add(node.name(), new inner_product_forward(how), arguments);
    releaseCopy(source, given);
    return result;
  }

  private Value pool(Node node, Pool2d pool) {
    Shape in = graph.inputShapes(node).get(0);
    Shape out = node.shape();
    Window w = pool.window();
    int bottom = (out.height() - 1) * w.strideH() + w.spanH() - in.height() - w.top();
    int right = (out.width() - 1) * w.strideW() + w.spanW() - in.width() - w.left();
    boolean roundedUp = bottom > w.bottom() || right > w.right();
    boolean include = pool.countIncludePad() && w.hasPadding();
    int algorithm =
        switch (pool.kind()) {
          case MAX -> dnnl.dnnl_pooling_max;
          case MIN -> throw refusal(node, "it has no minimum pooling");
          case AVERAGE -> {
            if (include && roundedUp) {
              throw refusal(node, "what rounding up adds would count in the average");
            }
            yield include
                ? dnnl.dnnl_pooling_avg_include_padding
                : dnnl.dnnl_pooling_avg_exclude_padding;
          }
        };
    return pool(
        node,
        algorithm,
        w.padding(w.top(), w.left(), Math.max(w.bottom(), bottom), Math.max(w.right(), right)));
  }

  private Value adaptivePool(Node node, AdaptivePool2d pool) {
    Shape in = graph.inputShapes(node).get(0);
    if (in.height() % pool.height() != 0 || in.width() % pool.width() != 0) {
      throw refusal(node, "its windows differ in size");
    }
    int h = in.height() / pool.height();
    int w = in.width() / pool.width();
    int algorithm =
        switch (pool.kind()) {
          case MAX -> dnnl.dnnl_pooling_max;
          case MIN -> throw refusal(node, "it has no minimum pooling");
          case AVERAGE -> dnnl.dnnl_pooling_avg_exclude_padding;
        };
    return pool(node, algorithm, Window.of(h, w).stride(h, w));
  }

  private Value pool(Node node, int algorithm, Window w) {
    Value in = first(node);
    pooling_forward.primitive_desc how =
        chain.own(
            new pooling_forward.primitive_desc(
                processor,
                INFERENCE,
                algorithm,
                in.format(),
                any(node.shape()),
                new long[] {w.strideH(), w.strideW()},
                new long[] {w.kernelH(), w.kernelW()},
                new long[] {w.dilationH() - 1L, w.dilationW() - 1L},
                new long[] {w.top(), w.left()},
                new long[] {w.bottom(), w.right()}));
    return run(node, new pooling_forward(how), how.dst_desc(), in);
  }

  private Value batchNorm(Node node, BatchNorm norm, boolean relu) {
    Value in = first(node);
    int flags = dnnl.dnnl_use_global_stats | dnnl.dnnl_use_scale | dnnl.dnnl_use_shift;
    batch_normalization_forward.primitive_desc how =
        chain.own(
            new batch_normalization_forward.primitive_desc(
                processor,
                INFERENCE,
                in.format(),
                any(node.shape()),
                (float) norm.eps(),
                flags,
                after(false, relu ? Activation.RELU : Activation.IDENTITY),
                false));
    Value result = chain.value(how.dst_desc());
    memory.desc vector = vector(node.shape().channels());
    int[] slots = {
      dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE
    };
    Map<Integer, memory> arguments = new HashMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, in.data());
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    for (int i = 0; i < slots.length; i++) {
      arguments.put(slots[i], parameter(node, i, vector, vector));
    }
    chain.add(node.name(), new batch_normalization_forward(how), arguments);
    return result;
  }

  private Value localResponseNorm(Node node, LocalResponseNorm norm) {
    if (norm.size() % 2 == 0) {
      throw refusal(node, "it centres an even size differently");
    }
    Value in = first(node);
    lrn_forward.primitive_desc how =
        chain.own(
            new lrn_forward.primitive_desc(
                processor,
                INFERENCE,
                dnnl.dnnl_lrn_across_channels,
                in.format(),
                any(node.shape()),
                norm.size(),
                (float) norm.alpha(),
                (float) norm.beta(),
                (float) norm.k()));
    return run(node, new lrn_forward(how), how.dst_desc(), in);
  }

  private Value activate(Node node, Activation activation) {
    Value in = first(node);
    PostOperations.Function f = PostOperations.function(activation);
    eltwise_forward.primitive_desc how =
        chain.own(
            new eltwise_forward.primitive_desc(
                processor,
                INFERENCE,
                f.algorithm(),
                in.format(),
                in.format(),
                f.alpha(),
                f.beta()));
    return run(node, new eltwise_forward(how), how.dst_desc(), in);
  }

  private Value softmax(Node node, Softmax softmax) {
    Value in = first(node);
    int algorithm = softmax.log() ? dnnl.dnnl_softmax_log : dnnl.dnnl_softmax_accurate;
    softmax_forward.primitive_desc how =
        chain.own(
            new softmax_forward.primitive_desc(
                processor, INFERENCE, algorithm, in.format(), any(node.shape()), 1));
    return run(node, new softmax_forward(how), how.dst_desc(), in);
  }

  /** One number per channel as a map of one pixel, so that it spreads over a map. */
  private Value factors(Node node) {
    int id = node.inputs().get(1);
    Value factors = shaped(id, node.name());
    if (factors.format().get_ndims() == 4) {
      return factors;
    }
    Value ordered = chain.in(plain(graph.node(id).shape()), factors, node.name());
    Shape map = Shape.chw(graph.node(id).shape().dim(0), 1, 1);
    return chain.value(plain(map), ordered.buffer());
  }

  private Value binary(Node node, int algorithm, Value b, Activation activation) {
    Value a = first(node);
    binary.primitive_desc how =
        chain.own(
            new binary.primitive_desc(
                processor,
                algorithm,
                a.format(),
                b.format(),
                any(node.shape()),
                after(false, activation),
                false));
    Value result = chain.value(how.dst_desc());
    chain.add(
        node.name(),
        new binary(how),
        Map.of(
            dnnl.DNNL_ARG_SRC_0, a.data(),
            dnnl.DNNL_ARG_SRC_1, b.data(),
            dnnl.DNNL_ARG_DST, result.data()));
    return result;
  }

  private Value concat(Node node) {
    List<Value> sources = node.inputs().stream().map(input -> shaped(input, node.name())).toList();
    memory_desc_vector descs =
        chain.own(
            new memory_desc_vector(
                sources.stream().map(Value::format).toArray(memory.desc[]::new)));
    concat.primitive_desc how = chain.own(new concat.primitive_desc(processor, 1, descs));
    Value result = chain.value(how.dst_desc());
    Map<Integer, memory> arguments = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      arguments.put(dnnl.DNNL_ARG_MULTIPLE_SRC + i, sources.get(i).data());
    }
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    chain.add(node.name(), new concat(how), arguments);
    return result;
  }
}
