package dev.convoy.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.convoy.graph.Concat;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing.Segment;
import dev.convoy.optimize.MemoryPlan.Place;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final int PIXELS = RandomGraphs.HEIGHT * RandomGraphs.WIDTH;

  private static Graph laidOut(UnaryOperator<Net> layers) {
    return new AssignLayout().apply(Network.of(Shape.chw(16, 8, 8), layers).graph());
  }

  @Test
  void aChainNeedsTwoBuffers() {
    Graph graph =
        laidOut(net -> net.conv("a", 16, 1).conv("b", 16, 1).conv("c", 16, 1).conv("d", 16, 1));
    assertEquals(2 * 16 * 8 * 8, whole(graph, 1).arenaFloats());
    assertEquals(2 * 5 * 16 * 8 * 8, whole(graph, 5).arenaFloats());
  }

  @Test
  void elementWiseNodesWriteOverADyingInput() {
    Graph graph = laidOut(net -> net.conv("a", 16, 1).tanh());
    MemoryPlan plan = whole(graph, 1);
    assertEquals(plan.places().get(2), plan.places().get(3));
  }

  @Test
  void aMapOfOnePixelIsItsOwnVector() {
    Graph graph =
        laidOut(
            net ->
                net.conv("a", 24, 1).adaptiveAveragePool("pool", 1, 1).flatten().linear("c", 10));
    MemoryPlan plan = whole(graph, 3);
    // in, in to blocked, a, pool, flatten, c
    assertEquals(plan.places().get(3), plan.places().get(4));
    assertNotEquals(plan.places().get(4), plan.places().get(5));
  }

  @Test
  void aSegmentKeepsItsOwnValuesForASliceOnly() {
    Graph graph = laidOut(net -> net.conv("a", 64, 1).conv("b", 64, 1).conv("c", 16, 1));
    // in, in to blocked, a, b | c, out to plain: b alone crosses
    BatchSlicing slicing =
        new BatchSlicing(List.of(new Segment(0, 4, 1), new Segment(4, graph.nodes().size(), 8)));
    MemoryPlan plan = MemoryPlan.of(graph, PartsInPlace.of(graph), 8, slicing);
    assertEquals(Place.ARENA, plan.places().get(0).segment());
    assertEquals(0, plan.places().get(1).segment());
    assertEquals(0, plan.places().get(2).segment());
    assertEquals(Place.ARENA, plan.places().get(3).segment());
    assertEquals(List.of((16L + 64) * 64, 0L), plan.segmentFloats());
  }

  @Test
  void aDenseBlockHasItsLastWidthFromTheBeginning() {
    Graph graph =
        laidOut(
            net -> {
              Net x = net.conv("stem", 32, 1);
              for (int i = 0; i < 3; i++) {
                x = x.concat(x.conv("grow" + i, 16, 1));
              }
              return x.averagePool(8);
            });
    // the block with the stem's input, the block with its average
    assertEquals((80 + 16) * 64, whole(graph, 1).arenaFloats());
    assertEquals(4 * (80 + 16) * 64, whole(graph, 4).arenaFloats());
  }

  /** Plays a run with a note of what lies where: every node finds its inputs as they were left. */
  @Property(tries = 300)
  void nothingAliveIsOverwritten(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int batch) {
    Random random = new Random(seed);
    Graph graph = new AssignLayout().apply(RandomGraphs.withConcats(random));
    BatchSlicing slicing = randomSlicing(random, graph.nodes().size(), batch);
    PartsInPlace parts = PartsInPlace.of(graph);
    Memories memories = new Memories(graph, parts, MemoryPlan.of(graph, parts, batch, slicing));
    for (int input : graph.inputs()) {
      memories.write(input, 0, batch);
    }
    for (Segment segment : slicing.segments()) {
      for (int first = 0; first < batch; first += segment.images()) {
        int images = Math.min(segment.images(), batch - first);
        for (int id = segment.begin(); id < segment.end(); id++) {
          if (!graph.node(id).inputs().isEmpty()) {
            for (int input : graph.node(id).inputs()) {
              memories.read(input, first, images);
            }
            memories.write(id, first, images);
          }
        }
      }
    }
    for (int output : graph.outputs()) {
      memories.read(output, 0, batch);
    }
  }

  /** For every float of every memory the value and image that it holds. */
  private static final class Memories {
    private final Graph graph;
    private final PartsInPlace parts;
    private final MemoryPlan plan;
    private final List<int[]> memories = new ArrayList<>();

    Memories(Graph graph, PartsInPlace parts, MemoryPlan plan) {
      this.graph = graph;
      this.parts = parts;
      this.plan = plan;
      memories.add(new int[(int) plan.arenaFloats()]);
      plan.segmentFloats().forEach(floats -> memories.add(new int[floats.intValue()]));
    }

    /** Images {@code first} .. of the batch; a segment's own memory begins with a slice's first. */
    void write(int id, int first, int images) {
      for (int image = 0; image < images; image++) {
        int[] contents = contents(id, first + image);
        for (int i = 0; i < contents.length; i++) {
          if (contents[i] == tag(id, first + image)) {
            memory(id)[at(id, first, image) + i] = contents[i];
          }
        }
      }
    }

    void read(int id, int first, int images) {
      for (int image = 0; image < images; image++) {
        int at = at(id, first, image);
        assertArrayEquals(
            contents(id, first + image),
            Arrays.copyOfRange(memory(id), at, at + floats(id)),
            () -> "%" + id + " is lost in\n" + graph);
      }
    }

    /** Tags of what the node writes, but those of parts where a concatenation has them in place. */
    private int[] contents(int id, int image) {
      int[] contents = new int[floats(id)];
      Arrays.fill(contents, tag(id, image));
      Node node = graph.node(id);
      PartsInPlace.Place place = parts.places().get(id);
      int channel = 0;
      for (int input : node.op() instanceof Concat ? node.inputs() : List.<Integer>of()) {
        PartsInPlace.Place part = parts.places().get(input);
        if (part.equals(new PartsInPlace.Place(place.whole(), place.channel() + channel))) {
          int[] inside = contents(input, image);
          System.arraycopy(inside, 0, contents, channel * PIXELS, inside.length);
        }
        channel += graph.node(input).shape().channels();
      }
      return contents;
    }

    private int[] memory(int id) {
      return memories.get(plan.places().get(id).segment() + 1);
    }

    private int at(int id, int first, int image) {
      Place place = plan.places().get(id);
      assertEquals(0, place.offset() % MemoryPlan.ALIGNMENT);
      int position = place.segment() == Place.ARENA ? first + image : image;
      return (int) (place.offset() + position * place.imageFloats());
    }

    private int floats(int id) {
      return (int) graph.node(id).layout().floats(graph.node(id).shape());
    }

    private static int tag(int id, int image) {
      return 1 + id * 1000 + image;
    }
  }

  private static BatchSlicing randomSlicing(Random random, int nodes, int batch) {
    List<Segment> segments = new ArrayList<>();
    int begin = 0;
    while (begin < nodes) {
      int end = begin + 1 + random.nextInt(nodes - begin);
      segments.add(new Segment(begin, end, 1 + random.nextInt(batch)));
      begin = end;
    }
    return new BatchSlicing(segments);
  }

  private static MemoryPlan whole(Graph graph, int batch) {
    return MemoryPlan.of(graph, PartsInPlace.of(graph), batch, BatchSlicing.whole(graph, batch));
  }
}
