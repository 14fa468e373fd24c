package dev.convoy.optimize;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Node;
import dev.convoy.tensor.Layout;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where every value of a graph lies in one arena: values that are never alive together share
 * memory, and element-wise nodes write over an input that dies with them.
 *
 * <p>Largest first, each at the lowest free place (Pisarchyk and Lee, <a
 * href="https://arxiv.org/abs/2001.03288">Efficient Memory Management for Deep Neural Net
 * Inference</a>, "greedy by size").
 *
 * @param offsets for each node of the graph, in floats from the arena's begin, a multiple of
 *     {@value #ALIGNMENT}
 * @param floats size of the arena
 */
public record MemoryPlan(List<Long> offsets, long floats) {
  /** Floats in a cache line. */
  public static final int ALIGNMENT = 16;

  /** More than there is anywhere; few enough that sums of them do not overflow. */
  private static final long MAX_FLOATS = 1L << 44;

  /** Plans for {@code batch} images. Inputs are alive from the start, outputs to the end. */
  public static MemoryPlan of(Graph graph, int batch) {
    List<Block> blocks = blocks(graph, batch);
    List<Block> bySize = new ArrayList<>(blocks.stream().distinct().toList());
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
    return new MemoryPlan(blocks.stream().map(b -> b.offset).toList(), total);
  }

  /** Memory of one value, or of several that overwrite each other in place. */
  private static final class Block {
    final long floats;
    final int first;
    int last;
    long offset;

    Block(long floats, int first) {
      this.floats = floats;
      this.first = first;
      this.last = first;
    }

    boolean aliveWith(Block other) {
      return first <= other.last && other.first <= last;
    }
  }

  private static List<Block> blocks(Graph graph, int batch) {
    int end = graph.nodes().size();
    List<Integer> lastUse = lastUses(graph, end);
    List<Block> blocks = new ArrayList<>();
    for (int id = 0; id < end; id++) {
      Node node = graph.node(id);
      Block block = inPlace(graph, id, lastUse, blocks);
      if (block == null) {
        long floats = floats(node, batch);
        block =
            new Block(
                (floats + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, node.inputs().isEmpty() ? 0 : id);
      }
      block.last = Math.max(block.last, lastUse.get(id));
      blocks.add(block);
    }
    return blocks;
  }

  private static long floats(Node node, int batch) {
    long perImage = node.layout().floats(node.shape());
    if (perImage > MAX_FLOATS / batch) {
      throw new ShapeException(
          "layer '%s': %d images of %s are more than any memory holds: use smaller images or batches"
              .formatted(node.name(), batch, node.shape()));
    }
    return perImage * batch;
  }

  private static List<Integer> lastUses(Graph graph, int end) {
    List<Integer> lastUse = new ArrayList<>();
    List<List<Integer>> consumers = graph.consumers();
    for (int id = 0; id < end; id++) {
      int last = consumers.get(id).stream().mapToInt(Integer::intValue).max().orElse(id);
      lastUse.add(graph.outputs().contains(id) ? end : last);
    }
    return lastUse;
  }

  private static @org.jspecify.annotations.Nullable Block inPlace(
      Graph graph, int id, List<Integer> lastUse, List<Block> blocks) {
    Node node = graph.node(id);
    List<Integer> overwritable;
    if (node.op() instanceof Activate
        || node.op() instanceof Add
        || node.op() instanceof BatchNorm) {
      overwritable = node.inputs();
    } else if (node.op() instanceof Multiply) {
      overwritable = node.inputs().subList(0, 1);
    } else {
      return null;
    }
    for (int input : overwritable) {
      Node value = graph.node(input);
      boolean samePlace = value.layout() == node.layout() && value.layout() != Layout.PLAIN;
      if (samePlace && lastUse.get(input) == id && blocks.get(input).last == id) {
        return blocks.get(input);
      }
    }
    return null;
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
