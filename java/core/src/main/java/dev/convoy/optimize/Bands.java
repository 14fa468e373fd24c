package dev.convoy.optimize;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Convolutions that are led through an image band by band: each computes a few rows, of which the
 * next one takes what it needs at once, so that what passes between them never leaves the near
 * cache. In an inverted residual that is several times larger than what goes in and out. No result
 * depends on it. Squeeze-and-excite asks for the whole of the middle, and its product with the
 * scale is quicker as one stream: in bands with the projection it took 0.044 ms instead of 0.025
 * for 32 channels of 112 x 112 (Zen 4), and the projection no less.
 *
 * <p>Nodes {@code begin} to {@code end - 1}, of which each reads the one before, which nobody else
 * reads.
 *
 * @param rows of the last node's value at a time
 * @param held for each node but the last: the rows of its value that are kept, the newest ones
 */
public record Bands(int begin, int end, int rows, List<Integer> held) {
  /** The native program takes no more. */
  private static final int MOST_NODES = 8;

  /** How many times larger than the last value the ones between are at least. */
  private static final int LEAST_WIDTH = 2;

  public Bands {
    held = List.copyOf(held);
  }

  /**
   * Where the values between are too large for the near cache, and bands of them fit in; nowhere if
   * threads would share an image: where their parts of it meet, both compute what both need.
   *
   * @param byRows whether what computes a pointwise or depthwise convolution can do so by rows
   */
  static List<Bands> of(
      Graph graph, int batch, int threads, CacheSizes caches, IntPredicate byRows) {
    if (batch < threads) {
      return List.of();
    }
    List<List<Integer>> consumers = graph.consumers();
    List<Bands> all = new ArrayList<>();
    int begin = 0;
    for (int id = 0; id < graph.nodes().size(); id++) {
      boolean goesOn =
          id + 1 < begin + MOST_NODES
              && bytes(graph, id) > caches.near() / 4
              && passesOn(graph, consumers.get(id), id, byRows);
      if (!goesOn) {
        if (isWorthwhile(graph, begin, id, caches)) {
          all.add(fitting(graph, begin, id + 1, caches));
        }
        begin = id + 1;
      }
    }
    return all;
  }

  /** The rows that are kept of a node's value; 0: it is no matter of these bands. */
  int held(int id) {
    return id >= begin && id < end - 1 ? held.get(id - begin) : 0;
  }

  /**
   * Whether only the next node reads a node's value, and both compute rows. Narrow values are kept
   * whole, since they are small: bands end with the projection.
   */
  private static boolean passesOn(Graph graph, List<Integer> readers, int id, IntPredicate byRows) {
    return readers.equals(List.of(id + 1))
        && !graph.outputs().contains(id)
        && computesRows(graph, id)
        && computesRows(graph, id + 1)
        && !narrows(graph, id)
        && !(graph.node(id).op() instanceof Conv2d conv && conv.residual())
        && graph.node(id + 1).inputs().get(0) == id
        && byRows.test(id)
        && byRows.test(id + 1);
  }

  private static boolean narrows(Graph graph, int id) {
    Node node = graph.node(id);
    return node.shape().channels() < graph.node(node.inputs().get(0)).shape().channels();
  }

  /** Pointwise and depthwise convolutions. */
  private static boolean computesRows(Graph graph, int id) {
    Node node = graph.node(id);
    if (!(node.op() instanceof Conv2d conv)) {
      return false;
    }
    Node in = graph.node(node.inputs().get(0));
    Window w = conv.window();
    boolean pointwise = conv.groups() == 1 && w.isPointwise();
    boolean depthwise =
        conv.groups() == conv.outChannels() && conv.groups() == in.shape().channels();
    boolean blocked = in.layout() == Layout.BLOCKED16 && node.layout() == Layout.BLOCKED16;
    return blocked && (pointwise || depthwise);
  }

  /**
   * Whether what passes between the nodes is worth it: too much for the near cache, and more than
   * the last value, which bands write from afar.
   */
  private static boolean isWorthwhile(Graph graph, int begin, int last, CacheSizes caches) {
    long between = 0;
    long largest = 0;
    for (int id = begin; id < last; id++) {
      between += bytes(graph, id);
      largest = Math.max(largest, bytes(graph, id));
    }
    return largest > caches.near() / 2 && between >= LEAST_WIDTH * bytes(graph, last);
  }

  /** The highest bands, all alike, of which half the near cache holds what passes between. */
  private static Bands fitting(Graph graph, int begin, int end, CacheSizes caches) {
    int height = graph.node(end - 1).shape().height();
    int count = 1;
    Bands bands = of(graph, begin, end, height);
    while (bands.rows > 1 && bands.bytes(graph) > caches.near() / 2) {
      count++;
      bands = of(graph, begin, end, (height + count - 1) / count);
    }
    return bands;
  }

  /** Bands of so many rows. */
  static Bands of(Graph graph, int begin, int end, int rows) {
    List<Integer> held = new ArrayList<>();
    long needed = rows;
    for (int id = end - 1; id > begin; id--) {
      Window w = ((Conv2d) graph.node(id).op()).window();
      needed =
          Math.min((needed - 1) * w.strideH() + w.spanH(), graph.node(id - 1).shape().height());
      held.add(0, (int) needed);
    }
    return new Bands(begin, end, rows, held);
  }

  /** What a thread keeps between the nodes. */
  private long bytes(Graph graph) {
    long bytes = 0;
    for (int id = begin; id < end - 1; id++) {
      bytes += bytes(graph, id) / graph.node(id).shape().height() * held(id);
    }
    return bytes;
  }

  private static long bytes(Graph graph, int id) {
    Node node = graph.node(id);
    return node.layout().floats(node.shape()) * Float.BYTES;
  }
}
