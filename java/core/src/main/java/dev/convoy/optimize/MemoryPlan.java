package dev.convoy.optimize;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Node;
import dev.convoy.tensor.Layout;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where every value of a graph lies: values that are never alive together share memory,
 * element-wise nodes write over an input that dies with them, and parts of a concatenation lie in
 * the whole.
 *
 * <p>One arena holds whole batches. A segment that takes fewer images at a time has memory of its
 * own for the values that none but its nodes read, as large as those images need. What passes in
 * bands has no place here: a thread keeps the rows of it that it needs.
 *
 * <p>Largest first, each at the lowest free place (Pisarchyk and Lee, <a
 * href="https://arxiv.org/abs/2001.03288">Efficient Memory Management for Deep Neural Net
 * Inference</a>, "greedy by size").
 *
 * @param places for each node of the graph
 * @param arenaFloats size of the arena
 * @param segmentFloats for each segment the size of its own memory
 */
public record MemoryPlan(List<Place> places, long arenaFloats, List<Long> segmentFloats) {
  /**
   * Where a value's first image begins.
   *
   * @param segment whose memory it is, or {@value #ARENA}, or {@value #NOWHERE}
   * @param offset in floats, a multiple of {@value #ALIGNMENT}
   * @param imageFloats from an image to the next: the value's own floats, or the whole's
   */
  public record Place(int segment, long offset, long imageFloats) {
    public static final int ARENA = -1;

    /** Of a value that passes in {@link Bands}. */
    public static final int NOWHERE = -2;
  }

  /** Floats in a cache line. */
  public static final int ALIGNMENT = 16;

  /** More than there is anywhere; few enough that sums of them do not overflow. */
  private static final long MAX_FLOATS = 1L << 44;

  /** Plans for {@code batch} images. Inputs are alive from the start, outputs to the end. */
  public static MemoryPlan of(Graph graph, PartsInPlace parts, int batch, BatchSlicing slicing) {
    List<Stretch> stretches = new Stretches(graph, parts, batch, slicing).make();
    List<Block> blocks = stretches.stream().map(Stretch::block).distinct().toList();
    List<Long> segmentFloats = new ArrayList<>();
    for (int segment = 0; segment < slicing.segments().size(); segment++) {
      segmentFloats.add(arrange(blocks, segment));
    }
    long arenaFloats = arrange(blocks, Place.ARENA);
    return new MemoryPlan(
        stretches.stream().map(Stretch::place).toList(), arenaFloats, segmentFloats);
  }

  /** Gives every block of this memory its offset; returns how much they take. */
  private static long arrange(List<Block> blocks, int home) {
    List<Block> bySize = new ArrayList<>(blocks.stream().filter(b -> b.home == home).toList());
    bySize.sort(
        Comparator.comparingLong((Block b) -> b.floats).reversed().thenComparingInt(b -> b.first));
    List<Block> placed = new ArrayList<>();
    long total = 0;
    for (Block block : bySize) {
      block.offset = lowestGap(block, placed);
      placed.add(block);
      placed.sort(Comparator.comparingLong(b -> b.offset));
      total = Math.max(total, block.offset + block.floats);
    }
    return total;
  }

  /** Memory of one value, of several that overwrite each other in place, or of a whole. */
  private static final class Block {
    final int home;
    final long floats;
    int first;
    int last;
    long offset;

    Block(int home, long floats, int first, int last) {
      this.home = home;
      this.floats = floats;
      this.first = first;
      this.last = last;
    }

    boolean aliveWith(Block other) {
      return first <= other.last && other.first <= last;
    }
  }

  /** Where in a block a value's first image begins, and how far behind it the next ones lie. */
  private record Stretch(Block block, long begin, long imageFloats) {
    Place place() {
      return new Place(block.home, block.offset + begin, imageFloats);
    }
  }

  /** The blocks of a graph's values, without offsets. */
  private static final class Stretches {
    private final Graph graph;
    private final PartsInPlace parts;
    private final int batch;
    private final BatchSlicing slicing;
    private final int[] lastUse;
    private final Map<Integer, Block> wholes = new HashMap<>();
    private final List<Stretch> stretches = new ArrayList<>();

    Stretches(Graph graph, PartsInPlace parts, int batch, BatchSlicing slicing) {
      this.graph = graph;
      this.parts = parts;
      this.batch = batch;
      this.slicing = slicing;
      this.lastUse = graph.lastUses();
    }

    /** For each node its stretch; nodes that overwrite each other share one. */
    List<Stretch> make() {
      int[] homes = homes();
      int[] lasts = new int[homes.length];
      for (int id = 0; id < homes.length; id++) {
        int whole = whole(id);
        lasts[whole] = Math.max(lasts[whole], lastUse[id]);
      }
      for (int id = 0; id < homes.length; id++) {
        Stretch overwritten = inPlace(id, homes[whole(id)]);
        stretches.add(
            overwritten == null ? stretch(id, homes[whole(id)], lasts[whole(id)]) : overwritten);
      }
      // What a slice reads or leaves in the arena is there for the first slice and the last.
      slicing.segments().stream()
          .filter(s -> s.images() < batch)
          .forEach(s -> lastThrough(s.begin(), s.end(), block -> block.home == Place.ARENA));
      // What bands read or leave is there for the first band and the last.
      slicing.bands().forEach(b -> lastThrough(b.begin(), b.end(), block -> true));
      return stretches;
    }

    private int whole(int id) {
      return parts.places().get(id).whole();
    }

    /** For each whole the segment that keeps it with all of its parts, or the arena. */
    private int[] homes() {
      int[] homes = new int[graph.nodes().size()];
      for (int segment = 0; segment < slicing.segments().size(); segment++) {
        BatchSlicing.Segment s = slicing.segments().get(segment);
        for (int id = s.begin(); id < s.end(); id++) {
          boolean inside = lastUse[id] < s.end() && !graph.node(id).inputs().isEmpty();
          int home = inside && s.images() < batch ? segment : Place.ARENA;
          homes[id] = slicing.held(id) > 0 ? Place.NOWHERE : home;
        }
      }
      for (int id = 0; id < homes.length; id++) {
        if (homes[id] != homes[whole(id)]) {
          homes[whole(id)] = Place.ARENA;
        }
      }
      return homes;
    }

    private void lastThrough(int begin, int end, Predicate<Block> which) {
      for (Stretch stretch : stretches) {
        Block block = stretch.block();
        if (which.test(block)) {
          if (begin <= block.first && block.first < end) {
            block.first = begin;
          }
          if (begin <= block.last && block.last < end) {
            block.last = end - 1;
          }
        }
      }
    }

    /** In the block of its whole, which the first part makes. */
    private Stretch stretch(int id, int home, int last) {
      Node whole = graph.node(whole(id));
      int images = home < 0 ? batch : slicing.segments().get(home).images();
      long floats = (floats(whole, images) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      int first = whole.inputs().isEmpty() ? 0 : id;
      Block block = wholes.computeIfAbsent(whole(id), none -> new Block(home, floats, first, last));
      int channel = parts.places().get(id).channel();
      long begin = channel == 0 ? 0 : channel * (whole.shape().size() / whole.shape().channels());
      return new Stretch(block, begin, whole.layout().floats(whole.shape()));
    }

    private @Nullable Stretch inPlace(int id, int home) {
      Node node = graph.node(id);
      List<Integer> overwritable;
      if (node.op() instanceof Activate
          || node.op() instanceof Add
          || node.op() instanceof BatchNorm
          || node.op() instanceof LayerNorm
          || node.op() instanceof LayerScale
          || (node.op() instanceof Flatten && isOnePixel(graph.node(node.inputs().get(0))))) {
        overwritable = node.inputs();
      } else if (node.op() instanceof Multiply) {
        overwritable = node.inputs().subList(0, 1);
      } else {
        return null;
      }
      if (whole(id) != id) {
        return null;
      }
      for (int input : overwritable) {
        Node value = graph.node(input);
        Stretch stretch = stretches.get(input);
        Block block = stretch.block();
        boolean samePlace =
            block.home == home && value.layout() == node.layout() && value.layout() != Layout.PLAIN;
        if (samePlace && lastUse[input] == id && block.last == id) {
          block.last = lastUse[id];
          return stretch;
        }
      }
      return null;
    }
  }

  /** A map that is a vector already, as behind a global pooling. */
  private static boolean isOnePixel(Node node) {
    return node.shape().size() == node.shape().channels();
  }

  private static long floats(Node node, int images) {
    long perImage = node.layout().floats(node.shape());
    if (perImage > MAX_FLOATS / images) {
      throw new ShapeException(
          "layer '%s': %d images of %s are more than any memory holds: use smaller images or batches"
              .formatted(node.name(), images, node.shape()));
    }
    return perImage * images;
  }

  private static long lowestGap(Block block, List<Block> placedByOffset) {
    long offset = 0;
    for (Block other : placedByOffset) {
      if (other.aliveWith(block)) {
        if (other.offset - offset >= block.floats) {
          return offset;
        }
        offset = Math.max(offset, other.offset + other.floats);
      }
    }
    return offset;
  }
}
