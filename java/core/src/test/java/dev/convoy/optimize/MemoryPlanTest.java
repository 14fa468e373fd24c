package dev.convoy.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Add;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing.Segment;
import dev.convoy.optimize.MemoryPlan.Place;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  @Test
  void aChainNeedsTwoBuffers() {
    Graph graph =
        new AssignLayout()
            .apply(
                Network.of(
                        Shape.chw(16, 8, 8),
                        net ->
                            net.conv("a", 16, 1).conv("b", 16, 1).conv("c", 16, 1).conv("d", 16, 1))
                    .graph());
    assertEquals(2 * 16 * 8 * 8, whole(graph, 1).arenaFloats());
    assertEquals(2 * 5 * 16 * 8 * 8, whole(graph, 5).arenaFloats());
  }

  @Test
  void elementWiseNodesWriteOverADyingInput() {
    Graph graph =
        new AssignLayout()
            .apply(Network.of(Shape.chw(16, 8, 8), net -> net.conv("a", 16, 1).tanh()).graph());
    MemoryPlan plan = whole(graph, 1);
    assertEquals(plan.places().get(2), plan.places().get(3));
  }

  @Test
  void aSegmentKeepsItsOwnValuesForASliceOnly() {
    Graph graph =
        new AssignLayout()
            .apply(
                Network.of(
                        Shape.chw(16, 8, 8),
                        net -> net.conv("a", 64, 1).conv("b", 64, 1).conv("c", 16, 1))
                    .graph());
    // in, in to blocked, a, b | c, out to plain: b alone crosses
    BatchSlicing slicing =
        new BatchSlicing(List.of(new Segment(0, 4, 1), new Segment(4, graph.nodes().size(), 8)));
    MemoryPlan plan = MemoryPlan.of(graph, 8, slicing);
    assertEquals(Place.ARENA, plan.places().get(0).segment());
    assertEquals(0, plan.places().get(1).segment());
    assertEquals(0, plan.places().get(2).segment());
    assertEquals(Place.ARENA, plan.places().get(3).segment());
    assertEquals(List.of((16L + 64) * 64, 0L), plan.segmentFloats());
  }

  /** Plays a run with a note of what lies where: every node finds its inputs as they were left. */
  @Property(tries = 300)
  void nothingAliveIsOverwritten(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int batch) {
    Random random = new Random(seed);
    Graph graph = new AssignLayout().apply(randomGraph(random));
    BatchSlicing slicing = randomSlicing(random, graph.nodes().size(), batch);
    Memories memories = new Memories(graph, MemoryPlan.of(graph, batch, slicing));
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
    private final MemoryPlan plan;
    private final List<int[]> memories = new ArrayList<>();

    Memories(Graph graph, MemoryPlan plan) {
      this.graph = graph;
      this.plan = plan;
      memories.add(new int[(int) plan.arenaFloats()]);
      plan.segmentFloats().forEach(floats -> memories.add(new int[floats.intValue()]));
    }

    /** Images {@code first} .. of the batch; a segment's own memory begins with a slice's first. */
    void write(int id, int first, int images) {
      for (int image = 0; image < images; image++) {
        int at = at(id, first, image);
        Arrays.fill(memory(id), at, at + floats(id), tag(id, first + image));
      }
    }

    void read(int id, int first, int images) {
      for (int image = 0; image < images; image++) {
        int at = at(id, first, image);
        int tag = tag(id, first + image);
        assertTrue(
            Arrays.stream(memory(id), at, at + floats(id)).allMatch(found -> found == tag),
            () -> "%" + id + " is lost in\n" + graph);
      }
    }

    private int[] memory(int id) {
      return memories.get(plan.places().get(id).segment() + 1);
    }

    private int at(int id, int first, int image) {
      Place place = plan.places().get(id);
      assertEquals(0, place.offset() % MemoryPlan.ALIGNMENT);
      int position = place.segment() == Place.ARENA ? first + image : image;
      return (int) place.offset() + position * floats(id);
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
    return MemoryPlan.of(graph, batch, BatchSlicing.whole(graph, batch));
  }

  private static Graph randomGraph(Random random) {
    GraphBuilder builder = new GraphBuilder();
    List<Integer> sameShape =
        new ArrayList<>(List.of(builder.add("in", new Input(Shape.chw(3, 5, 4)), List.of())));
    sameShape.set(0, builder.add("stem", Conv2d.of(20, 1), sameShape));
    for (int i = 0; i < 12; i++) {
      int a = sameShape.get(random.nextInt(sameShape.size()));
      int b = sameShape.get(random.nextInt(sameShape.size()));
      sameShape.add(
          switch (random.nextInt(3)) {
            case 0 -> builder.add("n" + i, new Activate(Activation.TANH), List.of(a));
            case 1 -> builder.add("n" + i, Add.PLAIN, List.of(a, b));
            default -> builder.add("n" + i, Conv2d.of(20, 3).padding(1), List.of(a));
          });
    }
    int last = sameShape.get(sameShape.size() - 1);
    return builder.build(List.of(last, sameShape.get(random.nextInt(sameShape.size()))));
  }
}
