package dev.convoy.bench.onednn;

import dev.convoy.bench.onednn.Chain.Value;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Node;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/** Primitives with weights: convolutions, linear layers and batch norms. */
final class WeightedOperations {
  private final Values values;
  private final engine processor;
  private final Chain chain;

  WeightedOperations(Values values) {
    this.values = values;
    this.processor = values.processor();
    this.chain = values.chain();
  }

  Value conv(Node node, Conv2d conv) {
    Shape in = values.graph().inputShapes(node).get(0);
    Window w = conv.window();
    long groups = conv.groups();
    long[] filter = {conv.outChannels(), in.channels() / groups, w.kernelH(), w.kernelW()};
    long[] grouped = {groups, filter[0] / groups, filter[1], filter[2], filter[3]};
    long[] dims = groups == 1 ? filter : grouped;
    memory.desc bias = Values.vector(conv.outChannels());
    memory.desc anyWeights = OneDnnNetwork.desc(dims, memory.format_tag.any);
    long[] stride = {w.strideH(), w.strideW()};
    long[] dilation = {w.dilationH() - 1L, w.dilationW() - 1L};
    long[] before = {w.top(), w.left()};
    long[] behind = {w.bottom(), w.right()};
    primitive_attr attributes = values.after(conv.residual(), conv.activation());
    convolution_forward.primitive_desc how =
        chain.own(
            conv.bias()
                ? new convolution_forward.primitive_desc(
                    processor,
                    OneDnnOperations.INFERENCE,
                    dnnl.dnnl_convolution_auto,
                    values.any(in),
                    anyWeights,
                    bias,
                    values.any(node.shape()),
                    stride,
                    dilation,
                    before,
                    behind,
                    attributes,
                    false)
                : new convolution_forward.primitive_desc(
                    processor,
                    OneDnnOperations.INFERENCE,
                    dnnl.dnnl_convolution_auto,
                    values.any(in),
                    anyWeights,
                    values.any(node.shape()),
                    stride,
                    dilation,
                    before,
                    behind,
                    attributes,
                    false));
    Value given = values.first(node);
    Value source = chain.in(how.src_desc(), given, node.name());
    Value result = conv.residual() ? residual(node, how.dst_desc()) : chain.value(how.dst_desc());
    memory.desc plain =
        OneDnnNetwork.desc(dims, groups == 1 ? memory.format_tag.oihw : memory.format_tag.goihw);
    Map<Integer, memory> arguments = new HashMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, source.data());
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, values.parameter(node, 0, plain, how.weights_desc()));
    if (conv.bias()) {
      arguments.put(dnnl.DNNL_ARG_BIAS, values.parameter(node, 1, bias, bias));
    }
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    chain.add(node.name(), new convolution_forward(how), arguments);
    values.releaseCopy(source, given);
    return result;
  }

  /** The residual as the memory that a convolution adds to: its own where nobody needs it later. */
  private Value residual(Node node, memory.desc wanted) {
    int id = node.inputs().get(1);
    Value residual = values.shaped(id, node.name());
    return values.uses().isLast(id) && residual.format().equals(wanted)
        ? residual
        : chain.copy(wanted, residual, node.name());
  }

  Value linear(Node node, Linear linear) {
    int input = node.inputs().get(0);
    Value given = values.value(input);
    // a flattened map is read as it lies, the weights are reordered to fit
    boolean map = given.format().get_ndims() == 4;
    Shape in = map ? values.flattened(input) : values.graph().node(input).shape();
    long[] dims =
        map
            ? new long[] {linear.outFeatures(), in.channels(), in.height(), in.width()}
            : new long[] {linear.outFeatures(), in.dim(0)};
    memory.desc bias = Values.vector(linear.outFeatures());
    memory.desc anyWeights = OneDnnNetwork.desc(dims, memory.format_tag.any);
    primitive_attr attributes = values.after(false, linear.activation());
    memory.desc out = values.plain(node.shape());
    inner_product_forward.primitive_desc how =
        chain.own(
            linear.bias()
                ? new inner_product_forward.primitive_desc(
                    processor,
                    OneDnnOperations.INFERENCE,
                    values.any(in),
                    anyWeights,
                    bias,
                    out,
                    attributes,
                    false)
                : new inner_product_forward.primitive_desc(
                    processor,
                    OneDnnOperations.INFERENCE,
                    values.any(in),
                    anyWeights,
                    out,
                    attributes,
                    false));
    Value source = chain.in(how.src_desc(), given, node.name());
    Value result = chain.value(how.dst_desc());
    memory.desc plain =
        OneDnnNetwork.desc(dims, map ? memory.format_tag.oihw : memory.format_tag.oi);
    Map<Integer, memory> arguments = new HashMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, source.data());
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, values.parameter(node, 0, plain, how.weights_desc()));
    if (linear.bias()) {
      arguments.put(dnnl.DNNL_ARG_BIAS, values.parameter(node, 1, bias, bias));
    }
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    chain.add(node.name(), new inner_product_forward(how), arguments);
    values.releaseCopy(source, given);
    return result;
  }

  Value batchNorm(Node node, BatchNorm norm) {
    Value in = values.first(node);
    int flags = dnnl.dnnl_use_global_stats | dnnl.dnnl_use_scale | dnnl.dnnl_use_shift;
    batch_normalization_forward.primitive_desc how =
        chain.own(
            new batch_normalization_forward.primitive_desc(
                processor,
                OneDnnOperations.INFERENCE,
                in.format(),
                values.any(node.shape()),
                (float) norm.eps(),
                flags,
                values.after(false, norm.activation()),
                false));
    Value result = chain.value(how.dst_desc());
    memory.desc vector = Values.vector(node.shape().channels());
    int[] slots = {
      dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE
    };
    Map<Integer, memory> arguments = new HashMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, in.data());
    arguments.put(dnnl.DNNL_ARG_DST, result.data());
    for (int i = 0; i < slots.length; i++) {
      arguments.put(slots[i], values.parameter(node, i, vector, vector));
    }
    chain.add(node.name(), new batch_normalization_forward(how), arguments);
    return result;
  }
}
