package dev.convoy.nn;

import dev.convoy.TextTable;
import dev.convoy.graph.Activate;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Identity;
import dev.convoy.graph.Input;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A network as the table that papers and lecture notes print: a row a layer, with sizes, parameters
 * and multiply-accumulates of one image. Activations stand in the row of the layer that they
 * follow; layers that inference leaves out have no multiply-accumulates.
 *
 * @param rows in the network's order
 * @param parameters trained numbers, without statistics
 * @param statistics running means and variances, which training measures and inference reads
 * @param macs multiply-accumulates of one image
 */
public record Summary(List<Row> rows, long parameters, long statistics, long macs) {
  /**
   * One layer.
   *
   * @param name its path in the checkpoint
   * @param layer what kind it is, in words
   * @param maps feature maps (channels or features)
   * @param size output size: {@code 28x28}, or the number of features
   * @param kernel {@code 5x5} or {@code -}
   * @param stride {@code 1} or {@code -}
   * @param padding {@code 0} or {@code -}
   * @param activation its name or {@code -}
   * @param parameters its trained numbers, without running statistics
   * @param macs its multiply-accumulates for one image; 0 where inference leaves it out
   */
  public record Row(
      String name,
      String layer,
      int maps,
      String size,
      String kernel,
      String stride,
      String padding,
      String activation,
      long parameters,
      long macs) {}

  static Summary of(Network network) {
    Graph graph = network.graph();
    List<Row> rows = new ArrayList<>();
    List<Integer> rowOf = new ArrayList<>();
    BitSet live = graph.live();
    for (int id = 0; id < graph.nodes().size(); id++) {
      Node node = graph.node(id);
      int previous = node.inputs().isEmpty() ? -1 : rowOf.get(node.inputs().get(0));
      if (node.op() instanceof Activate || node.op() instanceof Softmax) {
        rows.set(previous, withActivation(rows.get(previous), node.op().toString()));
        rowOf.add(previous);
      } else if (node.op() instanceof Flatten
          || node.op() instanceof Dropout
          || node.op() instanceof Identity) {
        rowOf.add(previous);
      } else {
        rows.add(row(graph, node, live.get(id)));
        rowOf.add(rows.size() - 1);
      }
    }
    return new Summary(
        List.copyOf(rows), network.parameters(), network.statistics(), network.macs());
  }

  private static Row withActivation(Row row, String activation) {
    String all = row.activation.equals("-") ? activation : row.activation + ", " + activation;
    return new Row(
        row.name,
        row.layer,
        row.maps,
        row.size,
        row.kernel,
        row.stride,
        row.padding,
        all,
        row.parameters,
        row.macs);
  }

  private static Row row(Graph graph, Node node, boolean live) {
    Op op = node.op();
    Window window =
        op instanceof Conv2d conv
            ? conv.window()
            : op instanceof Pool2d pool ? pool.window() : null;
    Shape shape = node.shape();
    long trainable =
        node.storedParameters().stream()
            .filter(Parameter.Stored::trainable)
            .mapToLong(p -> p.shape().size())
            .sum();
    return new Row(
        node.name(),
        words(op),
        shape.channels(),
        shape.isMap() ? shape.height() + "x" + shape.width() : "-",
        window == null ? "-" : window.kernelH() + "x" + window.kernelW(),
        window == null ? "-" : pair(window.strideH(), window.strideW()),
        window == null ? "-" : padding(window),
        "-",
        trainable,
        live ? op.macs(graph.inputShapes(node), shape) : 0);
  }

  private static String pair(int h, int w) {
    return h == w ? Integer.toString(h) : h + "x" + w;
  }

  private static String padding(Window w) {
    return w.top() == w.bottom() && w.left() == w.right()
        ? pair(w.top(), w.left())
        : w.top() + "," + w.left() + "," + w.bottom() + "," + w.right();
  }

  private static String words(Op op) {
    if (op instanceof Input) {
      return "Image";
    }
    if (op instanceof Conv2d conv) {
      return conv.groups() == 1 ? "Convolution" : "Convolution, " + conv.groups() + " groups";
    }
    if (op instanceof Linear) {
      return "FC";
    }
    if (op instanceof Pool2d pool) {
      return capital(pool.kind().name()) + " pooling";
    }
    if (op instanceof AdaptivePool2d pool) {
      return (pool.height() * pool.width() == 1 ? "Global " : "Adaptive ")
          + pool.kind().name().toLowerCase(Locale.ROOT)
          + " pooling";
    }
    String name = op.toString();
    return capital(
        (name.indexOf(' ') < 0 ? name : name.substring(0, name.indexOf(' '))).replace('-', ' '));
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT)
        + word.substring(1).toLowerCase(Locale.ROOT);
  }

  /** The table, aligned, with totals below. */
  @Override
  public String toString() {
    TextTable table =
        new TextTable(
            "Name",
            "Layer",
            ">Feature maps",
            "Size",
            "Kernel",
            "Stride",
            "Padding",
            "Activation",
            ">Parameters",
            ">MACs");
    for (Row r : rows) {
      table.row(
          r.name,
          r.layer,
          Integer.toString(r.maps),
          r.size,
          r.kernel,
          r.stride,
          r.padding,
          r.activation,
          count(r.parameters),
          count(r.macs));
    }
    StringBuilder text = new StringBuilder(table.toString());
    int heading = text.indexOf("\n");
    text.insert(heading, "\n" + "-".repeat(heading));
    return text.append(
            String.format(
                Locale.ROOT,
                "%,d parameters, %,d running statistics, %,d multiply-accumulates an image%n",
                parameters,
                statistics,
                macs))
        .toString();
  }

  private static String count(long n) {
    return n == 0 ? "-" : String.format(Locale.ROOT, "%,d", n);
  }
}
