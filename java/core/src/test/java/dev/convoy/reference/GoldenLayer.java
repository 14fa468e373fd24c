package dev.convoy.reference;

import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A line of a golden layer file as a network of one layer, with its inputs and parameters. */
record GoldenLayer(Json line, Graph graph, List<String> inputs) {
  private static final Map<String, String> LEAVES =
      Map.of(
          "layer.weight",
          "w",
          "layer.bias",
          "b",
          "norm.weight",
          "weight",
          "norm.bias",
          "bias",
          "norm.running_mean",
          "mean",
          "norm.running_var",
          "var");

  /** Empty if the graph has no operation for it. */
  static Optional<GoldenLayer> of(Json line) {
    return op(line)
        .map(
            op -> {
              List<String> inputs =
                  op instanceof Add || op instanceof Concat
                      ? List.copyOf(line.object("inputs").fields().keySet())
                      : List.of("x");
              Shape[] shapes =
                  inputs.stream().map(leaf -> oneImage(line, leaf)).toArray(Shape[]::new);
              return new GoldenLayer(line, SingleLayer.of(op, shapes), inputs);
            });
  }

  private static Shape oneImage(Json line, String leaf) {
    int[] dims = line.object("inputs").integers(leaf);
    return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
  }

  int batch() {
    return line.object("inputs").integers(inputs.get(0))[0];
  }

  float[][] inputArrays() {
    return inputs.stream().map(this::leaf).toArray(float[][]::new);
  }

  ParameterSource parameters() {
    String layer = graph.node(graph.outputs().get(0)).op() instanceof BatchNorm ? "norm" : "layer";
    return key -> {
      String leaf = LEAVES.getOrDefault(key.replace("layer", layer), key);
      return new Tensor(Shape.of(line.object("inputs").integers(leaf)), leaf(leaf));
    };
  }

  private float[] leaf(String leaf) {
    String name = line.text("id") + "/" + leaf;
    int count = Shape.of(line.object("inputs").integers(leaf)).intSize();
    if (line.has("around_one") && line.list("around_one").contains(leaf)) {
      return GoldenNumbers.aroundOne(name, count);
    }
    float[] values = GoldenNumbers.signed(name, count);
    float scale = line.has("scale") ? (float) line.number("scale") : 1;
    for (int i = 0; i < count; i++) {
      values[i] *= scale;
    }
    return values;
  }

  private static Optional<Op> op(Json line) {
    Op op =
        switch (line.text("op")) {
          case "conv2d" -> conv(line);
          case "linear" ->
              new Linear(
                  line.object("inputs").integers("w")[0],
                  line.object("inputs").has("b"),
                  Activation.IDENTITY);
          case "max_pool2d" -> pool(line, Pooling.MAX);
          case "min_pool2d" -> pool(line, Pooling.MIN);
          case "avg_pool2d" -> pool(line, Pooling.AVERAGE);
          case "adaptive_avg_pool2d" -> adaptive(line, Pooling.AVERAGE);
          case "adaptive_max_pool2d" -> adaptive(line, Pooling.MAX);
          case "global_avg_pool" -> new AdaptivePool2d(Pooling.AVERAGE, 1, 1);
          case "global_max_pool" -> new AdaptivePool2d(Pooling.MAX, 1, 1);
          case "mean" -> new AdaptivePool2d(Pooling.AVERAGE, 1, 1);
          case "relu" -> new Activate(Activation.RELU);
          case "relu6" -> new Activate(Activation.RELU6);
          case "sigmoid" -> new Activate(Activation.SIGMOID);
          case "tanh" -> new Activate(Activation.TANH);
          case "hardswish" -> new Activate(Activation.HARD_SWISH);
          case "hardsigmoid" -> new Activate(Activation.HARD_SIGMOID);
          case "silu" -> new Activate(Activation.SILU);
          case "leaky_relu" -> new Activate(Activation.leakyRelu(line.number("slope")));
          case "elu" -> new Activate(Activation.elu(line.number("alpha")));
          case "gelu" -> new Activate(Activation.GELU);
          case "softplus" -> new Activate(Activation.SOFTPLUS);
          case "mish" -> new Activate(Activation.MISH);
          case "lrn" ->
              new LocalResponseNorm(
                  (int) line.number("size"),
                  line.number("alpha"),
                  line.number("beta"),
                  line.number("k"));
          case "batch_norm" -> new BatchNorm(line.number("eps"));
          case "interpolate" -> resize(line);
          case "pad" -> pad(line);
          case "add" -> Add.PLAIN;
          case "concat" -> line.number("axis") == 1 ? new Concat() : null;
          case "softmax" -> line.number("axis") == 1 ? new Softmax(false) : null;
          case "log_softmax" -> line.number("axis") == 1 ? new Softmax(true) : null;
          default -> null;
        };
    return Optional.ofNullable(op);
  }

  private static Op conv(Json line) {
    int[] w = line.object("inputs").integers("w");
    int[] stride = line.integers("stride");
    int[] dilation = line.integers("dilation");
    int[] pad = line.integers("pad_tlbr");
    Window window =
        Window.of(w[2], w[3])
            .stride(stride[0], stride[1])
            .dilation(dilation[0], dilation[1])
            .padding(pad[0], pad[1], pad[2], pad[3]);
    return Conv2d.of(w[0], window)
        .groups((int) line.number("groups"))
        .withBias(line.object("inputs").has("b"));
  }

  private static Op pool(Json line, Pooling kind) {
    int[] kernel = line.integers("kernel");
    int[] stride = line.integers("stride");
    int[] pad = line.integers("pad");
    Window window =
        Window.of(kernel[0], kernel[1]).stride(stride[0], stride[1]).padding(pad[0], pad[1]);
    if (line.has("dilation")) {
      window = window.dilation(line.integers("dilation")[0], line.integers("dilation")[1]);
    }
    boolean countIncludePad = !line.has("count_include_pad") || line.flag("count_include_pad");
    return new Pool2d(kind, window, line.flag("ceil_mode"), countIncludePad);
  }

  private static Op adaptive(Json line, Pooling kind) {
    int[] size = line.integers("output");
    return new AdaptivePool2d(kind, size[0], size[1]);
  }

  private static Op resize(Json line) {
    int[] size = line.integers("size");
    return new Resize2d(
        Resize2d.Mode.valueOf(line.text("mode").toUpperCase(Locale.ROOT)),
        line.has("align_corners") && line.flag("align_corners"),
        size[0],
        size[1]);
  }

  private static Op pad(Json line) {
    int[] pad = line.integers("pad_tlbr");
    return new Pad2d(
        Pad2d.Mode.valueOf(line.text("mode").toUpperCase(Locale.ROOT)),
        line.has("value") ? (float) line.number("value") : 0,
        pad[0],
        pad[1],
        pad[2],
        pad[3]);
  }
}
