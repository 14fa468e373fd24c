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
import dev.convoy.graph.Node;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
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
    assertEquals(2 * 16 * 8 * 8, MemoryPlan.of(graph, 1).floats());
    assertEquals(2 * 5 * 16 * 8 * 8, MemoryPlan.of(graph, 5).floats());
  }

  @Test
  void elementWiseNodesWriteOverADyingInput() {
    Graph graph =
        new AssignLayout()
            .apply(Network.of(Shape.chw(16, 8, 8), net -> net.conv("a", 16, 1).tanh()).graph());
    MemoryPlan plan = MemoryPlan.of(graph, 1);
    assertEquals(plan.offsets().get(2), plan.offsets().get(3));
  }

  /**
   * Whoever is written at a step overlaps no value that is read at that step or later, but an input
   * it may overwrite.
   */
  @Property(tries = 300)
  void nothingAliveIsOverwritten(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int batch) {
    Graph graph = new AssignLayout().apply(randomGraph(new Random(seed)));
    MemoryPlan plan = MemoryPlan.of(graph, batch);
    List<Node> nodes = graph.nodes();
    for (int writer = 0; writer < nodes.size(); writer++) {
      assertEquals(0, plan.offsets().get(writer) % MemoryPlan.ALIGNMENT);
      assertTrue(plan.offsets().get(writer) + floats(nodes.get(writer), batch) <= plan.floats());
      for (int other = 0; other < nodes.size(); other++) {
        boolean input = nodes.get(other).inputs().isEmpty();
        boolean written = other < writer || input;
        if (other != writer && written && overlap(plan, nodes, writer, other, batch)) {
          assertTrue(lastRead(graph, other) <= writer, "%" + other + " is lost in\n" + graph);
          if (nodes.get(writer).inputs().contains(other)) {
            assertEquals(
                plan.offsets().get(other),
                plan.offsets().get(writer),
                "in place means the same place");
            assertTrue(
                nodes.get(writer).op() instanceof Activate
                    || nodes.get(writer).op() instanceof Add);
          }
        }
      }
    }
  }

  private static long floats(Node node, int batch) {
    return node.layout().floats(node.shape()) * batch;
  }

  private static boolean overlap(MemoryPlan plan, List<Node> nodes, int a, int b, int batch) {
    return plan.offsets().get(a) < plan.offsets().get(b) + floats(nodes.get(b), batch)
        && plan.offsets().get(b) < plan.offsets().get(a) + floats(nodes.get(a), batch);
  }

  private static int lastRead(Graph graph, int id) {
    return graph.outputs().contains(id)
        ? Integer.MAX_VALUE
        : graph.consumers().get(id).stream().mapToInt(i -> i).max().orElse(-1);
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
