package dev.convoy.optimize;

import dev.convoy.graph.Concat;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.tensor.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which values are computed where a concatenation has them, so that it copies nothing: on blocked
 * channels, a part that begins with a block of the whole is a stretch of the whole's memory.
 *
 * <p>A whole may be a part itself. Each layer of a dense block appends maps to all before it; the
 * values that they read are beginnings of one value, the block's last. So are concatenations whose
 * parts another one has, in the same order.
 *
 * <p>Not in place are parts that do not fill whole blocks, unless they are the last ones; inputs
 * and outputs of the graph; what is repeated; and what has its place in another whole.
 *
 * @param places for each node of the graph
 */
public record PartsInPlace(List<Place> places) {
  /**
   * Where a value lies.
   *
   * @param whole the concatenation that is no part of another, or the value itself
   * @param channel of the whole that is the value's first, a multiple of {@link Layout#BLOCK}
   */
  public record Place(int whole, int channel) {}

  public PartsInPlace {
    places = List.copyOf(places);
  }

  public static PartsInPlace of(Graph graph) {
    List<Place> places = new ArrayList<>(alone(graph));
    // a whole stands behind its parts
    for (int id = graph.nodes().size() - 1; id >= 0; id--) {
      Node node = graph.node(id);
      if (node.op() instanceof Concat && node.layout() == Layout.BLOCKED16) {
        place(graph, id, places);
      }
    }
    return new PartsInPlace(places);
  }

  /** Every value by itself: concatenations copy. */
  public static PartsInPlace none(Graph graph) {
    return new PartsInPlace(alone(graph));
  }

  private static List<Place> alone(Graph graph) {
    List<Place> places = new ArrayList<>();
    for (int id = 0; id < graph.nodes().size(); id++) {
      places.add(new Place(id, 0));
    }
    return places;
  }

  /** Whether the node is a concatenation and none of its parts has to be copied. */
  public boolean copiesNothing(Graph graph, int id) {
    Node node = graph.node(id);
    return node.op() instanceof Concat && liesEndToEnd(graph, node, places, places.get(id));
  }

  private static void place(Graph graph, int id, List<Place> places) {
    Node node = graph.node(id);
    Place first = places.get(node.inputs().get(0));
    boolean free = places.get(id).whole() == id && !graph.outputs().contains(id);
    if (free && first.whole() > id && liesEndToEnd(graph, node, places, first)) {
      places.set(id, first);
      return;
    }
    Place whole = places.get(id);
    int channel = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      int part = node.inputs().get(i);
      int channels = graph.node(part).shape().channels();
      boolean last = i + 1 == node.inputs().size();
      boolean blocks = channel % Layout.BLOCK == 0 && (last || channels % Layout.BLOCK == 0);
      boolean once = Collections.frequency(node.inputs(), part) == 1;
      if (blocks && once && isFree(graph, part, places)) {
        places.set(part, new Place(whole.whole(), whole.channel() + channel));
      }
      channel += channels;
    }
  }

  private static boolean isFree(Graph graph, int part, List<Place> places) {
    Node node = graph.node(part);
    return places.get(part).whole() == part
        && node.layout() == Layout.BLOCKED16
        && !(node.op() instanceof Input)
        && !graph.outputs().contains(part);
  }

  /** Whether a concatenation's parts follow one another from this place on. */
  private static boolean liesEndToEnd(Graph graph, Node concat, List<Place> places, Place begin) {
    int channel = begin.channel();
    for (int part : concat.inputs()) {
      if (!places.get(part).equals(new Place(begin.whole(), channel))) {
        return false;
      }
      channel += graph.node(part).shape().channels();
    }
    return true;
  }
}
