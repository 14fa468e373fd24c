package dev.convoy.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing.Segment;
import dev.convoy.optimize.MemoryPlan.Place;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class BandsTest {
  private static final CacheSizes SERVER = new CacheSizes(1 << 20, 32 << 20);

  /** Input, its blocked form, expand, depthwise, project. */
  private static final Graph STRIDE_2 = network(16, 112, net -> wide(net, 96, 2).conv("c", 24, 1));

  private static Graph network(int channels, int size, UnaryOperator<Net> body) {
    Network network = Network.of(Shape.chw(channels, size, size), body);
    return new FuseResidualAdd()
        .apply(new AssignLayout().apply(new FuseActivation().apply(network.graph())));
  }

  private static Net wide(Net net, int channels, int stride) {
    Conv2d depthwise = Conv2d.of(channels, 3).stride(stride).padding(1).groups(channels);
    return net.conv("a", channels, 1).relu6().conv("b", depthwise).relu6();
  }

  private static List<Bands> bands(Graph graph) {
    return Bands.of(graph, 1, 1, SERVER, id -> true);
  }

  @Test
  void anInvertedResidualHoldsTheRowsThatItsWindowMeets() {
    // rows of 112 and 56 pixels, 96 channels: 43008 and 21504 bytes
    assertEquals(List.of(new Bands(2, 5, 4, List.of(9, 4))), bands(STRIDE_2));
  }

  @Test
  void theDepthwiseOutputIsWholeWhereMoreThanTheProjectionReadsIt() {
    Graph graph =
        network(
            16,
            112,
            net -> {
              Net map = wide(net, 96, 2);
              return map.multiply(map.globalAveragePool("squeeze")).conv("c", 24, 1);
            });
    assertEquals(List.of(new Bands(2, 4, 5, List.of(11))), bands(graph));
  }

  @Test
  void whatIsNoWiderThanTheOutputIsComputedAtOnce() {
    assertEquals(List.of(), bands(network(16, 56, net -> wide(net, 144, 1))));
  }

  @Test
  void whatFitsInTheCacheIsComputedAtOnce() {
    assertEquals(List.of(), bands(network(64, 14, net -> wide(net, 384, 1).conv("c", 64, 1))));
  }

  @Test
  void outputsAreKeptWhole() {
    Graph graph = STRIDE_2.withOutputs(List.of("a", "c"));
    assertEquals(List.of(new Bands(3, 5, 19, List.of(19))), bands(graph));
  }

  @Test
  void aChainEndsWhereAValueIsNarrow() {
    Graph graph =
        network(
            16,
            112,
            net ->
                wide(net, 96, 2)
                    .conv("c", 32, 1)
                    .conv("d", 192, 1)
                    .relu6()
                    .conv("e", Conv2d.of(192, 3).padding(1).groups(192))
                    .relu6()
                    .conv("f", 32, 1));
    assertEquals(
        List.of(List.of(2, 5), List.of(5, 8)),
        bands(graph).stream().map(b -> List.of(b.begin(), b.end())).toList());
  }

  @Test
  void bandsEndWhereANodeIsNotComputedByRows() {
    assertEquals(List.of("3 to 5"), bandsWithout(2));
    assertEquals(List.of(), bandsWithout(3));
    assertEquals(List.of("2 to 4"), bandsWithout(4));
  }

  private static List<String> bandsWithout(int node) {
    return Bands.of(STRIDE_2, 1, 1, SERVER, id -> id != node).stream()
        .map(b -> b.begin() + " to " + b.end())
        .toList();
  }

  @Test
  void threadsThatShareAnImageComputeItAtOnce() {
    assertEquals(List.of(), Bands.of(STRIDE_2, 1, 2, SERVER, id -> true));
    assertEquals(List.of(), Bands.of(STRIDE_2, 7, 8, SERVER, id -> true));
    assertNotEquals(List.of(), Bands.of(STRIDE_2, 8, 8, SERVER, id -> true));
  }

  @Test
  void noSegmentBeginsInsideOfBands() {
    for (int batch : new int[] {1, 2, 16}) {
      BatchSlicing slicing = BatchSlicing.of(STRIDE_2, batch, 1, SERVER, id -> true);
      assertEquals(1, slicing.bands().size());
      for (Segment segment : slicing.segments()) {
        assertTrue(segment.begin() <= 2 || segment.begin() >= 5, slicing::toString);
      }
    }
  }

  @Test
  void memoryOutlivesTheBandsThatReadIt() {
    Graph graph = network(3, 112, net -> wide(net.conv("stem", 16, 1), 96, 2).conv("c", 24, 1));
    BatchSlicing slicing = BatchSlicing.of(graph, 1, 1, SERVER, id -> true);
    assertEquals(List.of(new Bands(2, 5, 4, List.of(9, 4))), slicing.bands());
    PartsInPlace parts = PartsInPlace.of(graph);
    MemoryPlan whole = MemoryPlan.of(graph, parts, 1, new BatchSlicing(slicing.segments()));
    MemoryPlan banded = MemoryPlan.of(graph, parts, 1, slicing);
    // node by node the projection could lie where the input of the expansion was
    assertFalse(shareMemory(banded), banded::toString);
    assertEquals(Place.NOWHERE, banded.places().get(2).segment());
    assertEquals(Place.NOWHERE, banded.places().get(3).segment());
    assertTrue(banded.arenaFloats() < whole.arenaFloats() / 2);
  }

  /** Whether the input of the expansion and the output of the projection do. */
  private static boolean shareMemory(MemoryPlan plan) {
    long in = plan.places().get(1).offset();
    long out = plan.places().get(4).offset();
    return in < out + 32 * 56 * 56 && out < in + 16 * 112 * 112;
  }
}
