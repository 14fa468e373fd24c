package dev.convoy.cpu;

import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.cpu.internal.DirectBuffer;
import dev.convoy.cpu.internal.Native;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.BatchNormScale;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Reorder;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.MemoryPlan;
import dev.convoy.tensor.Shape;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a laid-out graph into a native program: a value a node, and a step a node that is no
 * input.
 */
final class Lowering {
  private static final int NO_VALUE = -1;

  /** No step: the operation is of another kind. */
  private static final int OTHER = Integer.MIN_VALUE;

  private final Graph graph;
  private final ParameterSource parameters;
  private final BatchSlicing slicing;
  private final MemoryPlan memory;
  private final Native.convoy_program program;
  private final Map<String, String> required;
  private final FloatBuffer staging;

  Lowering(
      Graph graph,
      ParameterSource parameters,
      BatchSlicing slicing,
      MemoryPlan memory,
      Native.convoy_program program,
      Map<String, String> required) {
    this.graph = graph;
    this.parameters = parameters;
    this.slicing = slicing;
    this.memory = memory;
    this.program = program;
    this.required = required;
    this.staging = staging(graph, program);
  }

  /** Room for the parameters of any one node. */
  private static FloatBuffer staging(Graph graph, Native.convoy_program program) {
    long floats = 1;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Conv2d || node.op() instanceof Linear) {
        floats =
            Math.max(floats, node.parameters().stream().mapToLong(p -> p.shape().size()).sum());
      }
    }
    FloatPointer room = NativeCall.present(Native.convoy_program_staging(program, floats));
    return DirectBuffer.of(room, floats);
  }

  void run() {
    for (int segment = 0; segment < slicing.segments().size(); segment++) {
      BatchSlicing.Segment s = slicing.segments().get(segment);
      NativeCall.check(
          Native.convoy_program_begin_segment(
              program, s.images(), memory.segmentFloats().get(segment)));
      for (int id = s.begin(); id < s.end(); id++) {
        add(id, graph.node(id));
      }
    }
    NativeCall.check(Native.convoy_program_seal(program));
  }

  private void add(int id, Node node) {
    MemoryPlan.Place place = memory.places().get(id);
    NativeCall.check(value(id, node.shape(), NativeCall.code(node.layout()), place));
    if (place.imageFloats() != node.layout().floats(node.shape())) {
      NativeCall.check(Native.convoy_program_image_stride(program, id, place.imageFloats()));
    }
    String algorithm = required.get(node.name());
    if (algorithm != null) {
      NativeCall.check(Native.convoy_program_require(program, algorithm));
    }
    if (!(node.op() instanceof Input) && step(id, node) < 0) {
      throw unsupported(node, NativeCall.lastError());
    }
  }

  static UnsupportedGraphException unsupported(Node node, @Nullable String reason) {
    return new UnsupportedGraphException(
        "layer '" + node.name() + "' (" + node.op() + "): " + reason);
  }

  private int value(int id, Shape s, int layout, MemoryPlan.Place place) {
    return switch (place.segment()) {
      case MemoryPlan.Place.ARENA ->
          Native.convoy_program_value(
              program, layout, s.channels(), s.height(), s.width(), place.offset());
      case MemoryPlan.Place.NOWHERE ->
          Native.convoy_program_rolling_value(
              program, s.channels(), s.height(), s.width(), slicing.held(id));
      default ->
          Native.convoy_program_local_value(
              program, layout, s.channels(), s.height(), s.width(), place.offset());
    };
  }

  /**
   * Appends the node's step; negative if the library refuses. A value's number is its node's
   * position.
   */
  private int step(int out, Node node) {
    int in = node.inputs().get(0);
    int step = weighted(in, out, node);
    step = step == OTHER ? pooling(in, out, node.op()) : step;
    step = step == OTHER ? function(in, out, node.op()) : step;
    step = step == OTHER ? combination(in, out, node) : step;
    step = step == OTHER ? rearrangement(in, out, node.op()) : step;
    if (step == OTHER) {
      throw unsupported(node, "the native backend has no such operation");
    }
    return step;
  }

  /** What has parameters. */
  private int weighted(int in, int out, Node node) {
    if (node.op() instanceof Conv2d conv) {
      return conv(in, out, node, conv);
    }
    if (node.op() instanceof Linear linear) {
      return linear(in, out, node, linear);
    }
    if (node.op() instanceof BatchNorm norm) {
      return batchNorm(in, out, node, norm);
    }
    if (node.op() instanceof LayerNorm norm) {
      float[] weight = values(node, 0);
      return Native.convoy_program_layer_norm(
          program, in, out, (float) norm.eps(), weight, values(node, 1), weight.length);
    }
    return node.op() instanceof LayerScale ? layerScale(in, out, node) : OTHER;
  }

  private int pooling(int in, int out, Op op) {
    if (op instanceof Pool2d pool) {
      return Native.convoy_program_pool(
          program,
          in,
          out,
          NativeCall.code(pool.kind()),
          numbers(pool.window()),
          pool.countIncludePad() ? 1 : 0);
    }
    return op instanceof AdaptivePool2d pool
        ? Native.convoy_program_adaptive_pool(program, in, out, NativeCall.code(pool.kind()))
        : OTHER;
  }

  /** Of one value, without parameters. */
  private int function(int in, int out, Op op) {
    if (op instanceof Activate activate) {
      Activation a = activate.activation();
      return Native.convoy_program_activate(program, in, out, NativeCall.code(a.kind()), a.alpha());
    }
    if (op instanceof Softmax softmax) {
      return Native.convoy_program_softmax(program, in, out, softmax.log() ? 1 : 0);
    }
    return op instanceof LocalResponseNorm norm
        ? Native.convoy_program_lrn(
            program,
            in,
            out,
            norm.size(),
            (float) norm.alpha(),
            (float) norm.beta(),
            (float) norm.k())
        : OTHER;
  }

  /** Of several values. */
  private int combination(int in, int out, Node node) {
    if (node.op() instanceof Add add) {
      Activation a = add.activation();
      return Native.convoy_program_add(
          program, in, node.inputs().get(1), out, NativeCall.code(a.kind()), a.alpha());
    }
    if (node.op() instanceof Multiply) {
      return Native.convoy_program_multiply(program, in, node.inputs().get(1), out);
    }
    if (node.op() instanceof Concat) {
      int[] inputs = node.inputs().stream().mapToInt(Integer::intValue).toArray();
      return Native.convoy_program_concat(program, inputs, inputs.length, out);
    }
    return OTHER;
  }

  /** The same numbers in other places, some of them perhaps. */
  private int rearrangement(int in, int out, Op op) {
    if (op instanceof SelectChannels select) {
      int[] channels = select.channels().stream().mapToInt(Integer::intValue).toArray();
      return Native.convoy_program_select_channels(program, in, out, channels, channels.length);
    }
    if (op instanceof Pad2d pad) {
      return Native.convoy_program_pad(
          program, in, out, NativeCall.code(pad.mode()), pad.value(), pad.top(), pad.left());
    }
    if (op instanceof Resize2d resize) {
      return Native.convoy_program_resize(
          program, in, out, NativeCall.code(resize.mode()), resize.alignCorners() ? 1 : 0);
    }
    if (op instanceof Flatten) {
      return Native.convoy_program_flatten(program, in, out);
    }
    return op instanceof Reorder ? Native.convoy_program_reorder(program, in, out) : OTHER;
  }

  private int conv(int in, int out, Node node, Conv2d conv) {
    int residual = conv.residual() ? node.inputs().get(1) : NO_VALUE;
    Staged staged = stage(node);
    return Native.convoy_program_conv(
        program,
        in,
        out,
        residual,
        IntBuffer.wrap(numbers(conv.window())),
        conv.groups(),
        NativeCall.code(conv.activation().kind()),
        conv.activation().alpha(),
        staged.weights(),
        staged.weights().capacity(),
        staged.bias(),
        staged.biasCount());
  }

  private int linear(int in, int out, Node node, Linear linear) {
    Staged staged = stage(node);
    return Native.convoy_program_linear(
        program,
        in,
        out,
        NativeCall.code(linear.activation().kind()),
        linear.activation().alpha(),
        staged.weights(),
        staged.weights().capacity(),
        staged.bias(),
        staged.biasCount());
  }

  private int batchNorm(int in, int out, Node node, BatchNorm norm) {
    float[] gamma = values(node, 0);
    float[] beta = values(node, 1);
    float[] mean = values(node, 2);
    float[] variance = values(node, 3);
    float[] scales = new float[gamma.length];
    float[] shifts = new float[gamma.length];
    for (int c = 0; c < gamma.length; c++) {
      double scale = BatchNormScale.scale(gamma[c], variance[c], norm.eps());
      scales[c] = (float) scale;
      shifts[c] = (float) BatchNormScale.shift(beta[c], 0, mean[c], scale);
    }
    return scaleShift(in, out, norm.activation(), scales, shifts);
  }

  /** Minus zero is the sum's neutral element, of a product of either zero too. */
  private int layerScale(int in, int out, Node node) {
    float[] factors = values(node, 0);
    float[] nothing = new float[factors.length];
    Arrays.fill(nothing, -0f);
    return scaleShift(in, out, Activation.IDENTITY, factors, nothing);
  }

  private int scaleShift(int in, int out, Activation a, float[] scales, float[] shifts) {
    return Native.convoy_program_scale_shift(
        program, in, out, NativeCall.code(a.kind()), a.alpha(), scales, shifts, scales.length);
  }

  /** Weights and bias in the program's own memory, until the next node's are put there. */
  private record Staged(FloatBuffer weights, @Nullable FloatBuffer bias) {
    int biasCount() {
      return bias == null ? 0 : bias.capacity();
    }
  }

  /** Puts weights, and a bias if there is one, where the native side packs them from. */
  private Staged stage(Node node) {
    List<Parameter> stored = node.parameters();
    int weights = stored.get(0).shape().intSize();
    int bias = stored.size() > 1 ? stored.get(1).shape().intSize() : 0;
    staging.clear();
    stored.forEach(parameter -> write(parameter, staging));
    return new Staged(staging.slice(0, weights), bias == 0 ? null : staging.slice(weights, bias));
  }

  /**
   * Puts a parameter's values into the buffer. Stored filters are float32 already: scaling them
   * where they lie rounds once too, and the native side need not wait for a compiler to do it.
   */
  private void write(Parameter parameter, FloatBuffer into) {
    if (parameter instanceof Parameter.ScaledFilters scaled
        && scaled.filters() instanceof Parameter.Stored filters) {
      FloatBuffer room = into.slice(into.position(), filters.shape().intSize());
      filters.write(parameters, into);
      DoubleBuffer factors = DoubleBuffer.wrap(scaled.scales(parameters));
      NativeCall.check(Native.convoy_scale(room, room.capacity(), factors, factors.capacity()));
    } else {
      parameter.write(parameters, into);
    }
  }

  /** The values of a node's parameter, as many as its shape says. */
  private float[] values(Node node, int index) {
    return node.parameters().get(index).value(parameters).values();
  }

  /** As the native side takes it. */
  static int[] numbers(Window w) {
    return new int[] {
      w.kernelH(),
      w.kernelW(),
      w.strideH(),
      w.strideW(),
      w.dilationH(),
      w.dilationW(),
      w.top(),
      w.left(),
      w.bottom(),
      w.right()
    };
  }
}
