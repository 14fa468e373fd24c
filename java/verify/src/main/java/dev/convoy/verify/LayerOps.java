package dev.convoy.verify;

import static java.util.Map.entry;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The operations of layer files that a graph can express, by name. To add one: a line here. */
final class LayerOps {
  /** Members that every case may have; the rest belongs to its operation. */
  private static final Set<String> COMMON =
      Set.of("id", "op", "inputs", "out", "scale", "around_one", "note", "rule");

  /**
   * How a case becomes a graph.
   *
   * @param members what the case may say; anything else might change the result, so it is refused
   */
  private record Rule(Function<LayerCase, LayerGraph> graph, Set<String> members) {}

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          entry("conv2d", rule(LayerOps::conv, "stride", "pad_tlbr", "dilation", "groups", "same")),
          entry("linear", rule(LayerOps::linear)),
          entry("max_pool2d", pool(Pooling.MAX)),
          entry("min_pool2d", pool(Pooling.MIN)),
          entry("avg_pool2d", pool(Pooling.AVERAGE)),
          entry("adaptive_max_pool2d", adaptive(Pooling.MAX)),
          entry("adaptive_avg_pool2d", adaptive(Pooling.AVERAGE)),
          entry("global_max_pool", only(new AdaptivePool2d(Pooling.MAX, 1, 1))),
          entry("global_avg_pool", only(new AdaptivePool2d(Pooling.AVERAGE, 1, 1))),
          entry("mean", rule(LayerOps::mean, "axes", "keepdim")),
          entry("batch_norm", rule(c -> x(c, new BatchNorm(c.json().get("eps").number())), "eps")),
          entry("layer_norm", rule(LayerOps::layerNorm, "axes", "eps")),
          entry("lrn", rule(LayerOps::lrn, "size", "alpha", "beta", "k")),
          entry("relu", activation(Activation.RELU)),
          entry("relu6", activation(Activation.RELU6)),
          entry("sigmoid", activation(Activation.SIGMOID)),
          entry("tanh", activation(Activation.TANH)),
          entry("silu", activation(Activation.SILU)),
          entry("hardswish", activation(Activation.HARD_SWISH)),
          entry("hardsigmoid", activation(Activation.HARD_SIGMOID)),
          entry("mish", activation(Activation.MISH)),
          entry("leaky_relu", rule(LayerOps::leakyRelu, "slope")),
          entry("elu", rule(LayerOps::elu, "alpha")),
          entry("gelu", rule(LayerOps::gelu, "form")),
          entry("softplus", rule(LayerOps::softplus, "beta", "threshold")),
          entry("softmax", rule(c -> softmax(c, false), "axis")),
          entry("log_softmax", rule(c -> softmax(c, true), "axis")),
          entry("add", rule(LayerOps::add)),
          entry("mul", rule(LayerOps::multiply)),
          entry("squeeze_excite", rule(LayerOps::squeezeExcite)),
          entry("channel_shuffle", rule(LayerOps::shuffle, "groups")),
          entry("concat", rule(LayerOps::concat, "axis")),
          entry("pad", rule(LayerOps::pad, "mode", "value", "pad_tlbr")),
          entry("interpolate", rule(LayerOps::resize, "mode", "size", "align_corners")));

  private LayerOps() {}

  static boolean has(String op) {
    return RULES.containsKey(op);
  }

  /**
   * The graph of a case whose operation {@link #has a rule}.
   *
   * @throws UnsupportedCaseException naming the option that no graph can express
   */
  static LayerGraph graph(LayerCase layer) {
    Rule rule = RULES.get(layer.op());
    if (rule == null) {
      throw new UnsupportedCaseException("no operation '" + layer.op() + "'");
    }
    Set<String> unknown = new HashSet<>(layer.json().names());
    unknown.removeAll(COMMON);
    unknown.removeAll(rule.members());
    if (!unknown.isEmpty()) {
      throw new UnsupportedCaseException(layer.op() + " with " + unknown);
    }
    return rule.graph().apply(layer);
  }

  private static Rule rule(Function<LayerCase, LayerGraph> graph, String... members) {
    return new Rule(graph, Set.of(members));
  }

  private static Rule only(Op op) {
    return rule(c -> x(c, op));
  }

  private static Rule activation(Activation activation) {
    return only(new Activate(activation));
  }

  private static Rule pool(Pooling kind) {
    return rule(
        c -> x(c, pool(kind, c.json())),
        "kernel",
        "stride",
        "pad",
        "ceil_mode",
        "dilation",
        "count_include_pad");
  }

  private static Rule adaptive(Pooling kind) {
    return rule(
        c -> {
          int[] size = pair(c.json(), "output");
          return x(c, new AdaptivePool2d(kind, size[0], size[1]));
        },
        "output");
  }

  private static LayerGraph x(LayerCase layer, Op... ops) {
    return LayerGraph.of(layer, List.of("x"), ops);
  }

  private static int[] pair(JsonTree json, String name) {
    return json.get(name).list(2).stream().mapToInt(JsonTree::integer).toArray();
  }

  private static LayerGraph conv(LayerCase c) {
    Shape weight = c.shape("w");
    if (weight.rank() != 4) {
      throw new UnsupportedCaseException("conv2d with filters of shape " + weight);
    }
    int[] stride = pair(c.json(), "stride");
    int[] dilation = pair(c.json(), "dilation");
    int[] pad = c.json().get("pad_tlbr").list(4).stream().mapToInt(JsonTree::integer).toArray();
    String same = c.json().find("same").map(JsonTree::text).orElse("upper");
    if (!same.equals("upper")) {
      throw new UnsupportedCaseException("conv2d with padding 'same: " + same + "'");
    }
    Window window =
        Window.of(weight.dim(2), weight.dim(3))
            .stride(stride[0], stride[1])
            .dilation(dilation[0], dilation[1])
            .padding(pad[0], pad[1], pad[2], pad[3]);
    return x(
        c,
        Conv2d.of(weight.dim(0), window)
            .groups(c.json().get("groups").integer())
            .withBias(c.leaves().containsKey("b")));
  }

  private static LayerGraph linear(LayerCase c) {
    boolean bias = c.leaves().containsKey("b");
    return x(c, new Linear(c.shape("w").dim(0), bias, Activation.IDENTITY));
  }

  private static Pool2d pool(Pooling kind, JsonTree json) {
    int[] kernel = pair(json, "kernel");
    int[] stride = pair(json, "stride");
    int[] pad = pair(json, "pad");
    int[] dilation = json.has("dilation") ? pair(json, "dilation") : new int[] {1, 1};
    Window window =
        Window.of(kernel[0], kernel[1])
            .stride(stride[0], stride[1])
            .padding(pad[0], pad[1])
            .dilation(dilation[0], dilation[1]);
    return new Pool2d(
        kind,
        window,
        json.get("ceil_mode").flag(),
        json.find("count_include_pad").map(JsonTree::flag).orElse(true));
  }

  /** Over height and width: global average pooling. */
  private static LayerGraph mean(LayerCase c) {
    if (!Arrays.equals(c.json().get("axes").integers(), new int[] {2, 3})) {
      throw new UnsupportedCaseException("mean over other axes than height and width");
    }
    Op pool = new AdaptivePool2d(Pooling.AVERAGE, 1, 1);
    return c.json().get("keepdim").flag() ? x(c, pool) : x(c, pool, new Flatten());
  }

  private static LayerGraph layerNorm(LayerCase c) {
    if (!c.json().get("axes").text().startsWith("channels")) {
      throw new UnsupportedCaseException("layer_norm over other axes than the channels");
    }
    return x(c, new LayerNorm(c.json().get("eps").number()));
  }

  private static LayerGraph lrn(LayerCase c) {
    JsonTree json = c.json();
    return x(
        c,
        new LocalResponseNorm(
            json.get("size").integer(),
            json.get("alpha").number(),
            json.get("beta").number(),
            json.get("k").number()));
  }

  private static LayerGraph leakyRelu(LayerCase c) {
    return x(c, new Activate(Activation.leakyRelu(c.json().get("slope").number())));
  }

  private static LayerGraph elu(LayerCase c) {
    return x(c, new Activate(Activation.elu(c.json().get("alpha").number())));
  }

  private static LayerGraph gelu(LayerCase c) {
    String form = c.json().find("form").map(JsonTree::text).orElse("erf");
    if (!form.equals("erf")) {
      throw new UnsupportedCaseException("gelu in form '" + form + "'");
    }
    return x(c, new Activate(Activation.GELU));
  }

  private static LayerGraph softplus(LayerCase c) {
    double beta = c.json().find("beta").map(JsonTree::number).orElse(1.0);
    double threshold = c.json().find("threshold").map(JsonTree::number).orElse(20.0);
    if (beta != 1 || threshold != 20) {
      throw new UnsupportedCaseException(
          "softplus with beta " + beta + " and threshold " + threshold);
    }
    return x(c, new Activate(Activation.SOFTPLUS));
  }

  private static LayerGraph softmax(LayerCase c, boolean log) {
    channelAxis(c, c.shape("x"));
    return x(c, new Softmax(log));
  }

  private static LayerGraph add(LayerCase c) {
    List<String> inputs = List.copyOf(c.leaves().keySet());
    if (inputs.size() != 2 || !c.shape(inputs.get(0)).equals(c.shape(inputs.get(1)))) {
      throw new UnsupportedCaseException("add of other than two tensors of one shape");
    }
    return LayerGraph.of(c, inputs, Add.PLAIN);
  }

  private static LayerGraph multiply(LayerCase c) {
    if (!c.leaves().keySet().equals(Set.of("a", "b"))) {
      throw new UnsupportedCaseException("mul of other than two tensors");
    }
    Shape map = c.shape("a");
    if (map.rank() != 4 || !c.shape("b").equals(Shape.of(map.dim(0), map.dim(1), 1, 1))) {
      throw new UnsupportedCaseException("mul of other than a map and a factor a channel");
    }
    return LayerGraph.of(c, List.of("a", "b"), new Multiply());
  }

  /** The case has no options: global average, w1, ReLU, w2, hard sigmoid, product. */
  private static LayerGraph squeezeExcite(LayerCase c) {
    Shape x = c.shape("x");
    Network network =
        Network.of(
            Shape.of(Arrays.copyOfRange(x.toArray(), 1, x.rank())),
            net ->
                net.multiply(
                    net.globalAveragePool("squeeze")
                        .conv("1", c.shape("w1").dim(0), 1)
                        .relu()
                        .conv("2", c.shape("w2").dim(0), 1)
                        .hardSigmoid()));
    return new LayerGraph(
        network.graph(),
        x.dim(0),
        List.of("x"),
        Map.of("1.weight", "w1", "1.bias", "b1", "2.weight", "w2", "2.bias", "b2"));
  }

  private static LayerGraph shuffle(LayerCase c) {
    int groups = c.json().get("groups").integer();
    return x(c, SelectChannels.shuffle(c.shape("x").dim(1), groups));
  }

  private static LayerGraph concat(LayerCase c) {
    List<String> inputs = List.copyOf(c.leaves().keySet());
    channelAxis(c, c.shape(inputs.get(0)));
    return LayerGraph.of(c, inputs, new Concat());
  }

  private static void channelAxis(LayerCase c, Shape shape) {
    int axis = c.json().get("axis").integer();
    if (Math.floorMod(axis, shape.rank()) != 1) {
      throw new UnsupportedCaseException(
          "%s along axis %d of a tensor of rank %d".formatted(c.op(), axis, shape.rank()));
    }
  }

  private static LayerGraph pad(LayerCase c) {
    JsonTree json = c.json();
    int[] pad = json.get("pad_tlbr").list(4).stream().mapToInt(JsonTree::integer).toArray();
    double value = json.find("value").map(JsonTree::number).orElse(0.0);
    Pad2d.Mode mode =
        switch (json.get("mode").text()) {
          case "constant" -> Pad2d.Mode.CONSTANT;
          case "edge", "replicate" -> Pad2d.Mode.EDGE;
          case "reflect" -> Pad2d.Mode.REFLECT;
          default ->
              throw new UnsupportedCaseException("pad in mode '" + json.get("mode").text() + "'");
        };
    return x(c, new Pad2d(mode, (float) value, pad[0], pad[1], pad[2], pad[3]));
  }

  private static LayerGraph resize(LayerCase c) {
    JsonTree json = c.json();
    int[] size = pair(json, "size");
    boolean alignCorners = json.find("align_corners").map(JsonTree::flag).orElse(false);
    Resize2d.Mode mode =
        switch (json.get("mode").text()) {
          case "nearest" -> Resize2d.Mode.NEAREST;
          case "bilinear" -> Resize2d.Mode.BILINEAR;
          default ->
              throw new UnsupportedCaseException(
                  "interpolate in mode '" + json.get("mode").text() + "'");
        };
    return x(c, new Resize2d(mode, alignCorners, size[0], size[1]));
  }
}
