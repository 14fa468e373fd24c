package dev.convoy.bench.onnx;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Identity;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Softmax;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Translates nodes of a graph; every value is called as its node. */
final class OnnxOperations {
  private final Graph graph;
  private final OnnxNodes to;

  OnnxOperations(Graph graph, OnnxNodes to) {
    this.graph = graph;
    this.to = to;
  }

  /**
   * Adds the ONNX nodes of one node.
   *
   * @throws OnnxExportException naming the layer if ONNX has nothing with the same results
   */
  void add(Node node) {
    Op op = node.op();
    List<String> in = node.inputs().stream().map(id -> graph.node(id).name()).toList();
    Shape shape = graph.inputShapes(node).get(0);
    String out = node.name();
    if (op instanceof Conv2d conv) {
      conv(node, conv, in);
    } else if (op instanceof Linear linear) {
      String product = before(linear.activation(), out);
      to.add("Gemm", with(in, node), product, OnnxNodes.attributes().with("transB", 1));
      activate(linear.activation(), product, out);
    } else if (op instanceof BatchNorm norm) {
      String normal = before(norm.activation(), out);
      to.add(
          "BatchNormalization",
          with(in, node),
          normal,
          OnnxNodes.attributes().with("epsilon", norm.eps()));
      activate(norm.activation(), normal, out);
    } else if (op instanceof LayerNorm norm) {
      layerNorm(node, norm, in);
    } else if (op instanceof LayerScale) {
      to.add("Mul", with(in, node), out);
    } else if (op instanceof Activate activate) {
      OnnxActivations.add(to, activate.activation(), in.get(0), out);
    } else if (op instanceof Pool2d pool) {
      OnnxPooling.add(to, node.name(), pool, shape, node.shape(), in.get(0), out);
    } else if (op instanceof AdaptivePool2d pool) {
      OnnxPooling.addAdaptive(to, node.name(), pool, shape, in.get(0), out);
    } else if (op instanceof LocalResponseNorm norm) {
      localResponseNorm(node, norm, in);
    } else if (op instanceof Add add) {
      String sum = before(add.activation(), out);
      to.add("Add", in, sum);
      activate(add.activation(), sum, out);
    } else if (op instanceof Multiply) {
      to.add("Mul", in, out);
    } else if (op instanceof SelectChannels select) {
      int[] channels = select.channels().stream().mapToInt(Integer::intValue).toArray();
      to.add("Gather", List.of(in.get(0), to.integers(out + "/channels", channels)), out, axis1());
    } else if (op instanceof Concat) {
      to.add("Concat", in, out, axis1());
    } else if (op instanceof Softmax softmax) {
      to.add(softmax.log() ? "LogSoftmax" : "Softmax", in, out, axis1());
    } else if (op instanceof Flatten) {
      to.add("Flatten", in, out, axis1());
    } else if (op instanceof Dropout || op instanceof Identity) {
      to.add("Identity", in, out);
    } else if (op instanceof Pad2d pad) {
      pad(pad, in.get(0), out);
    } else if (op instanceof Resize2d resize) {
      resize(resize, in.get(0), out);
    } else {
      throw new OnnxExportException(
          "layer '" + node.name() + "' (" + op + ") has no ONNX operator");
    }
  }

  private static OnnxNodes.Attributes axis1() {
    return OnnxNodes.attributes().with("axis", 1);
  }

  private void conv(Node node, Conv2d conv, List<String> in) {
    String out = node.name();
    String sum = before(conv.activation(), out);
    String product = conv.residual() ? out + "/conv" : sum;
    to.add(
        "Conv",
        with(in.subList(0, 1), node),
        product,
        OnnxPooling.windowAttributes(conv.window()).with("group", conv.groups()));
    if (conv.residual()) {
      to.add("Add", List.of(product, in.get(1)), sum);
    }
    activate(conv.activation(), sum, out);
  }

  /** The name of a value to which an activation will be applied. */
  private static String before(Activation activation, String output) {
    return activation.isIdentity() ? output : output + "/linear";
  }

  private void activate(Activation activation, String input, String output) {
    if (!activation.isIdentity()) {
      OnnxActivations.add(to, activation, input, output);
    }
  }

  /** Inputs, then the node's parameters in our order, which is ONNX's too. */
  private List<String> with(List<String> inputs, Node node) {
    List<String> all = new ArrayList<>(inputs);
    for (int i = 0; i < node.parameters().size(); i++) {
      Parameter parameter = node.parameters().get(i);
      String name =
          parameter instanceof Parameter.Stored stored ? stored.key() : node.name() + "#" + i;
      all.add(to.parameter("parameter " + name, parameter));
    }
    return all;
  }

  /** ONNX normalises trailing axes, so a map's channels go there and back. */
  private void layerNorm(Node node, LayerNorm norm, List<String> in) {
    String out = node.name();
    boolean map = node.shape().isMap();
    String last = map ? out + "/channels-last" : in.get(0);
    String normal = map ? out + "/normal" : out;
    if (map) {
      to.add("Transpose", in, last, OnnxNodes.attributes().with("perm", new int[] {0, 2, 3, 1}));
    }
    to.add(
        "LayerNormalization",
        with(List.of(last), node),
        normal,
        OnnxNodes.attributes().with("axis", -1).with("epsilon", norm.eps()));
    if (map) {
      to.add(
          "Transpose",
          List.of(normal),
          out,
          OnnxNodes.attributes().with("perm", new int[] {0, 3, 1, 2}));
    }
  }

  private void localResponseNorm(Node node, LocalResponseNorm norm, List<String> in) {
    if (norm.size() % 2 == 0) {
      throw new OnnxExportException(
          "layer '" + node.name() + "' (" + norm + "): ONNX centres an even size differently");
    }
    to.add(
        "LRN",
        in,
        node.name(),
        OnnxNodes.attributes()
            .with("size", norm.size())
            .with("alpha", norm.alpha())
            .with("beta", norm.beta())
            .with("bias", norm.k()));
  }

  private void pad(Pad2d pad, String input, String out) {
    String pads =
        to.integers(out + "/pads", 0, 0, pad.top(), pad.left(), 0, 0, pad.bottom(), pad.right());
    String value = to.scalar(out + "/value", pad.value());
    String mode = pad.mode().name().toLowerCase(Locale.ROOT);
    to.add("Pad", List.of(input, pads, value), out, OnnxNodes.attributes().with("mode", mode));
  }

  private void resize(Resize2d resize, String input, String out) {
    String sizes = to.integers(out + "/sizes", resize.height(), resize.width());
    OnnxNodes.Attributes attributes = OnnxNodes.attributes().with("axes", new int[] {2, 3});
    if (resize.mode() == Resize2d.Mode.NEAREST) {
      attributes
          .with("mode", "nearest")
          .with("nearest_mode", "floor")
          .with("coordinate_transformation_mode", "asymmetric");
    } else {
      attributes
          .with("mode", "linear")
          .with(
              "coordinate_transformation_mode",
              resize.alignCorners() ? "align_corners" : "half_pixel");
    }
    to.add("Resize", List.of(input, "", "", sizes), out, attributes);
  }
}
