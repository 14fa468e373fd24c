package dev.convoy.bench.onednn;

import dev.convoy.bench.onednn.Chain.Value;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Softmax;
import dev.convoy.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lrn_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.bytedeco.dnnl.softmax_forward;

/** Translates the nodes of an optimised graph into primitives of a chain. */
final class OneDnnOperations {
  static final int INFERENCE = dnnl.dnnl_forward_inference;

  private final Values values;
  private final WeightedOperations weighted;
  private final PoolingOperations pooling;
  private final engine processor;
  private final Chain chain;

  OneDnnOperations(Values values) {
    this.values = values;
    this.weighted = new WeightedOperations(values);
    this.pooling = new PoolingOperations(values);
    this.processor = values.processor();
    this.chain = values.chain();
  }

  /**
   * Appends the primitives of a node.
   *
   * @throws OneDnnException naming the layer if oneDNN has none with the same results
   */
  void add(int id) {
    Node node = values.graph().node(id);
    if (values.uses().isName(id)) {
      values.put(id, values.value(node.inputs().get(0)));
      return;
    }
    try {
      values.put(id, translate(node));
    } catch (OneDnnException e) {
      throw e;
    } catch (RuntimeException e) { // of oneDNN's C++ errors
      throw new OneDnnException(
          "layer '%s' (%s): oneDNN says %s".formatted(node.name(), node.op(), e.getMessage()), e);
    }
    for (int input : node.inputs()) {
      Value value = values.value(input);
      // what an in-place operation overwrote has passed its memory on
      if (values.uses().end(input) && value.buffer() != values.value(id).buffer()) {
        chain.release(value);
      }
    }
  }

  private Value translate(Node node) {
    Op op = node.op();
    if (op instanceof Conv2d conv) {
      return weighted.conv(node, conv);
    } else if (op instanceof Linear linear) {
      return weighted.linear(node, linear);
    } else if (op instanceof Pool2d pool) {
      return pooling.pool(node, pool);
    } else if (op instanceof AdaptivePool2d pool) {
      return pooling.adaptivePool(node, pool);
    } else if (op instanceof BatchNorm norm) {
      return weighted.batchNorm(node, norm);
    } else if (op instanceof LocalResponseNorm norm) {
      return localResponseNorm(node, norm);
    } else if (op instanceof Activate activate) {
      return activate(node, activate.activation());
    } else if (op instanceof Softmax softmax) {
      return softmax(node, softmax);
    } else if (op instanceof Add add) {
      Value b = values.shaped(node.inputs().get(1), node.name());
      return binary(node, dnnl.dnnl_binary_add, b, add.activation());
    } else if (op instanceof Multiply) {
      return binary(node, dnnl.dnnl_binary_mul, factors(node), Activation.IDENTITY);
    } else if (op instanceof Concat) {
      return concat(node);
    }
    throw Values.refusal(node, "there is no primitive for it");
  }

  private Value localResponseNorm(Node node, LocalResponseNorm norm) {
    if (norm.size() % 2 == 0) {
      throw Values.refusal(node, "it centres an even size differently");
    }
    Value in = values.first(node);
    lrn_forward.primitive_desc how =
        chain.own(
            new lrn_forward.primitive_desc(
                processor,
                INFERENCE,
                dnnl.dnnl_lrn_across_channels,
                in.format(),
                values.any(node.shape()),
                norm.size(),
                (float) norm.alpha(),
                (float) norm.beta(),
                (float) norm.k()));
    return values.run(node, new lrn_forward(how), how.dst_desc(), in);
  }

  private Value activate(Node node, Activation activation) {
    Value in = values.first(node);
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
    return values.run(node, new eltwise_forward(how), how.dst_desc(), in);
  }

  private Value softmax(Node node, Softmax softmax) {
    Value in = values.first(node);
    int algorithm = softmax.log() ? dnnl.dnnl_softmax_log : dnnl.dnnl_softmax_accurate;
    softmax_forward.primitive_desc how =
        chain.own(
            new softmax_forward.primitive_desc(
                processor, INFERENCE, algorithm, in.format(), values.any(node.shape()), 1));
    return values.run(node, new softmax_forward(how), how.dst_desc(), in);
  }

  /** One number per channel as a map of one pixel, so that it spreads over a map. */
  private Value factors(Node node) {
    int id = node.inputs().get(1);
    Value factors = values.shaped(id, node.name());
    if (factors.format().get_ndims() == 4) {
      return factors;
    }
    Value ordered = chain.in(values.plain(values.graph().node(id).shape()), factors, node.name());
    Shape map = Shape.chw(values.graph().node(id).shape().dim(0), 1, 1);
    return chain.value(values.plain(map), ordered.buffer());
  }

  private Value binary(Node node, int algorithm, Value b, Activation activation) {
    Value a = values.first(node);
    binary.primitive_desc how =
        chain.own(
            new binary.primitive_desc(
                processor,
                algorithm,
                a.format(),
                b.format(),
                values.any(node.shape()),
                values.after(false, activation),
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
    List<Value> sources =
        node.inputs().stream().map(input -> values.shaped(input, node.name())).toList();
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
