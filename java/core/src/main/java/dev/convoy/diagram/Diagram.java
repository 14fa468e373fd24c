package dev.convoy.diagram;

import dev.convoy.graph.Activate;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Identity;
import dev.convoy.graph.Input;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Softmax;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A network as boxes and arrows. A layer that only changes the numbers of the one before it
 * (activation, norm, dropout, flatten) stands in that one's box, unless that value goes elsewhere
 * too.
 *
 * @param boxes in topological order
 * @param arrows from a box to a later one, once for each time its value is read
 */
public record Diagram(List<Box> boxes, List<Arrow> arrows) {
  /**
   * One box.
   *
   * @param name of its first layer, a path in the checkpoint
   * @param ops what is computed in it, one after the other
   * @param shape of its result for one image
   * @param live whether the network's result depends on it
   */
  public record Box(String name, List<Op> ops, Shape shape, boolean live) {
    public Box {
      ops = List.copyOf(ops);
    }

    /** {@code conv2d 64 7x7 stride 2 pad 3 + batch-norm + relu}. */
    public String work() {
      Op first = ops.get(0);
      boolean norm = first instanceof BatchNorm || first instanceof LayerNorm;
      StringBuilder text = new StringBuilder(norm ? firstWord(first) : first.toString());
      for (Op op : ops.subList(1, ops.size())) {
        text.append(" + ").append(firstWord(op));
      }
      return text.toString();
    }

    private static String firstWord(Op op) {
      String text = op.toString();
      int space = text.indexOf(' ');
      return space < 0 ? text : text.substring(0, space);
    }
  }

  /** The value of box {@code from} is read by box {@code to}; both are positions. */
  public record Arrow(int from, int to) {}

  public Diagram {
    boxes = List.copyOf(boxes);
    arrows = List.copyOf(arrows);
  }

  public static Diagram of(Graph graph) {
    List<List<Integer>> consumers = graph.consumers();
    BitSet live = graph.live();
    List<Box> boxes = new ArrayList<>();
    List<Arrow> arrows = new ArrayList<>();
    int[] boxOf = new int[graph.nodes().size()];
    for (int id = 0; id < boxOf.length; id++) {
      Node node = graph.node(id);
      if (joinsProducer(graph, node, consumers)) {
        boxOf[id] = boxOf[node.inputs().get(0)];
        Box box = boxes.get(boxOf[id]);
        List<Op> ops = new ArrayList<>(box.ops());
        ops.add(node.op());
        boxes.set(boxOf[id], new Box(box.name(), ops, node.shape(), box.live()));
      } else {
        boxOf[id] = boxes.size();
        for (int input : node.inputs()) {
          arrows.add(new Arrow(boxOf[input], boxOf[id]));
        }
        boxes.add(new Box(node.name(), List.of(node.op()), node.shape(), live.get(id)));
      }
    }
    return new Diagram(boxes, arrows);
  }

  private static boolean joinsProducer(Graph graph, Node node, List<List<Integer>> consumers) {
    Op op = node.op();
    boolean changesNumbersOnly =
        op instanceof Activate
            || op instanceof BatchNorm
            || op instanceof LayerNorm
            || op instanceof LayerScale
            || op instanceof Dropout
            || op instanceof Identity
            || op instanceof Flatten
            || op instanceof Softmax;
    if (!changesNumbersOnly) {
      return false;
    }
    int producer = node.inputs().get(0);
    return consumers.get(producer).size() == 1
        && !graph.outputs().contains(producer)
        && !(graph.node(producer).op() instanceof Input);
  }

  /**
   * This diagram as an SVG document that needs no other file.
   *
   * @param title what stands above it
   */
  public String svg(String title) {
    return new SvgDrawing(this, title).toString();
  }
}
