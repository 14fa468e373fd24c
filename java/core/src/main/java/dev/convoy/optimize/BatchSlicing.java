package dev.convoy.optimize;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How a batch is led through a graph: the nodes in segments, and for each segment how many images
 * pass through all of it before the next ones follow.
 *
 * <p>A few images at a time leave activations in the caches for the next node; all of them together
 * read the weights only once. Early layers have large maps and few weights, late ones the opposite,
 * so each segment decides by bytes. No result depends on it. Some nodes inside a segment go through
 * an image band by band.
 *
 * @param segments one behind the other, all nodes of the graph
 * @param bands in order, each inside a segment
 */
public record BatchSlicing(List<Segment> segments, List<Bands> bands) {

  /**
   * Nodes {@code begin} to {@code end - 1}.
   *
   * @param images that pass at a time; the whole batch: node by node
   */
  public record Segment(int begin, int end, int images) {}

  public BatchSlicing {
    segments = List.copyOf(segments);
    bands = List.copyOf(bands);
  }

  /** Without bands. */
  public BatchSlicing(List<Segment> segments) {
    this(segments, List.of());
  }

  /** The rows that are kept of a node's value while it passes in bands; 0: all of it is kept. */
  public int held(int id) {
    return held(bands, id);
  }

  private static int held(List<Bands> bands, int id) {
    return bands.stream().mapToInt(b -> b.held(id)).sum();
  }

  /** The rows that a node computes at a time, of the last value of its bands; 0: whole images. */
  public int rows(int id) {
    return bands.stream().filter(b -> b.begin() <= id && id < b.end()).mapToInt(Bands::rows).sum();
  }

  /** Node by node for the whole batch. */
  public static BatchSlicing whole(Graph graph, int batch) {
    return new BatchSlicing(List.of(new Segment(0, graph.nodes().size(), batch)));
  }

  /**
   * What moves the fewest bytes from far away, by an estimate. {@code threads} share the caches.
   *
   * @param byRows whether a pointwise or depthwise convolution may be computed in bands
   */
  public static BatchSlicing of(
      Graph graph, int batch, int threads, CacheSizes caches, IntPredicate byRows) {
    List<Bands> bands = Bands.of(graph, batch, threads, caches, byRows);
    return batch == 1
        ? new BatchSlicing(whole(graph, 1).segments(), bands)
        : new Planner(graph, bands, batch, threads, caches).plan();
  }

  /** The cheapest sequence of segments between cuts where little is alive. */
  private static final class Planner {
    /** Nanoseconds a byte beyond what a hit in the nearest cache costs. */
    private static final double SHARED = 0.02;

    private static final double MEMORY = 0.05;

    /** What another slice of a node costs beyond its bytes. */
    private static final double STEP_NANOS = 1000;

    /** What the threads wait for each other at a node that all of them compute. */
    private static final double MEETING_NANOS = 4000;

    /** What another segment must save of an image, so that there are few. */
    private static final double SEGMENT_NANOS = 20_000;

    /** Values alive across a cut, so that segments end where blocks of a network end. */
    private static final int MOST_ALIVE = 1;

    private final Graph graph;
    private final List<Bands> bands;
    private final int batch;
    private final int threads;
    private final CacheSizes caches;
    private final int[] slices;
    private final int[] lastUse;

    /** Whether a node computes nothing: inputs, and what lies where it belongs already. */
    private final boolean[] idle;

    /** Bytes of an image's value of each node, and of its weights. */
    private final long[] valueBytes;

    private final long[] weightBytes;

    /** Bytes of an image's values, and of weights, before each node. */
    private final long[] valuesBefore;

    private final long[] weightsBefore;

    Planner(Graph graph, List<Bands> bands, int batch, int threads, CacheSizes caches) {
      this.graph = graph;
      this.bands = bands;
      this.batch = batch;
      this.threads = threads;
      this.slices = slices(batch, threads);
      this.caches = new CacheSizes(caches.near() * 3 / 4, caches.shared() * 3 / 4 / threads);
      int nodes = graph.nodes().size();
      this.lastUse = graph.lastUses();
      this.idle = new boolean[nodes];
      this.valueBytes = new long[nodes];
      this.weightBytes = new long[nodes];
      this.valuesBefore = new long[nodes + 1];
      this.weightsBefore = new long[nodes + 1];
      PartsInPlace parts = PartsInPlace.of(graph);
      for (int id = 0; id < nodes; id++) {
        boolean copiesNothing = parts.copiesNothing(graph, id);
        idle[id] = copiesNothing || graph.node(id).op() instanceof Input;
        valueBytes[id] = bytes(id);
        weightBytes[id] = weightBytes(graph.node(id));
        valuesBefore[id + 1] = valuesBefore[id] + (copiesNothing ? 0 : valueBytes[id]);
        weightsBefore[id + 1] = weightsBefore[id] + weightBytes[id];
      }
    }

    BatchSlicing plan() {
      List<Integer> cuts = cuts();
      double[] best = new double[cuts.size()];
      Segment[] last = new Segment[cuts.size()];
      int[] previous = new int[cuts.size()];
      for (int to = 1; to < cuts.size(); to++) {
        best[to] = Double.POSITIVE_INFINITY;
        for (int from = 0; from < to; from++) {
          for (int images : slices) {
            Segment segment = new Segment(cuts.get(from), cuts.get(to), images);
            double cost = best[from] + nanos(segment);
            if (cost < best[to]) {
              best[to] = cost;
              last[to] = segment;
              previous[to] = from;
            }
          }
        }
      }
      List<Segment> segments = new ArrayList<>();
      for (int at = cuts.size() - 1; at > 0; at = previous[at]) {
        segments.add(last[at]);
      }
      Collections.reverse(segments);
      return new BatchSlicing(joined(segments), bands);
    }

    /** 1, 2, 4 …, a thread's share of the batch, and the batch itself. */
    private static int[] slices(int batch, int threads) {
      IntStream powers = IntStream.iterate(1, images -> images < batch, images -> 2 * images);
      IntStream shares = IntStream.of((batch + threads - 1) / threads, batch);
      return IntStream.concat(powers, shares).sorted().distinct().toArray();
    }

    /** Neighbours that take the whole batch are one. */
    private List<Segment> joined(List<Segment> segments) {
      List<Segment> joined = new ArrayList<>();
      for (Segment segment : segments) {
        Segment before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
        if (before != null && before.images() == batch && segment.images() == batch) {
          joined.set(joined.size() - 1, new Segment(before.begin(), segment.end(), batch));
        } else {
          joined.add(segment);
        }
      }
      return joined;
    }

    /** Positions before which a segment may begin, and the end. */
    private List<Integer> cuts() {
      List<Integer> cuts = new ArrayList<>(List.of(0));
      for (int cut = 1; cut < lastUse.length; cut++) {
        int alive = 0;
        for (int id = 0; id < cut; id++) {
          alive += lastUse[id] >= cut ? 1 : 0;
        }
        if (alive <= MOST_ALIVE && held(bands, cut - 1) == 0) {
          cuts.add(cut);
        }
      }
      cuts.add(lastUse.length);
      return cuts;
    }

    /** An image's share of the time that the segment waits for memory. */
    private double nanos(Segment segment) {
      double total = SEGMENT_NANOS;
      int begin = segment.begin();
      int end = segment.end();
      long slice = segment.images();
      long segmentBytes =
          weightsBefore[end]
              - weightsBefore[begin]
              + slice * (valuesBefore[end] - valuesBefore[begin]);
      for (int id = begin; id < end; id++) {
        if (idle[id]) {
          continue;
        }
        for (int input : graph.node(id).inputs()) {
          long since =
              slice * (valuesBefore[id + 1] - valuesBefore[input])
                  + weightsBefore[id + 1]
                  - weightsBefore[input];
          total +=
              valueBytes[input] * perByte(input >= begin ? since : 2L * batch * valueBytes[input]);
        }
        long written = lastUse[id] >= end ? batch : slice;
        total += valueBytes[id] * perByte(2 * written * valueBytes[id]);
        // once a run from wherever the whole network leaves them, then once a slice
        double weights = weightBytes[id];
        total += weights / batch * perByte(weightsBefore[lastUse.length]);
        total += weights * (1.0 / slice - 1.0 / batch) * perByte(segmentBytes);
        total += STEP_NANOS / slice;
        total += slice == batch && threads > 1 ? MEETING_NANOS / batch : 0;
      }
      return total;
    }

    /** A cache that is a little too small still holds a part. */
    private double perByte(long distance) {
      double outsideNear = Math.max(0, 1 - (double) caches.near() / distance);
      double outsideShared = Math.max(0, 1 - (double) caches.shared() / distance);
      return outsideNear * SHARED + outsideShared * (MEMORY - SHARED);
    }

    private long bytes(int id) {
      Node node = graph.node(id);
      long bytes = node.layout().floats(node.shape()) * Float.BYTES;
      int held = held(bands, id);
      return held == 0 ? bytes : bytes / node.shape().height() * held;
    }

    private static long weightBytes(Node node) {
      long floats = node.parameters().stream().mapToLong(p -> p.shape().size()).sum();
      return floats * Float.BYTES * (node.op() instanceof Conv2d conv ? growth(conv) : 1);
    }

    /** Filters of 3 x 3 are kept as the 6 x 6 points of Winograd's F(4 x 4). */
    private static int growth(Conv2d conv) {
      Window w = conv.window();
      boolean winograd = w.kernelH() == 3 && w.kernelW() == 3 && w.strideH() == 1;
      return winograd && conv.groups() == 1 ? 4 : 1;
    }
  }
}
