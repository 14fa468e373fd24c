package dev.convoy.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.Graph;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing.Segment;
import dev.convoy.tensor.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchSlicingTest {
  private static final CacheSizes SERVER = new CacheSizes(1 << 20, 32 << 20);

  /** Wide maps with few weights, then narrow maps with many. */
  private static final Graph TAPERED =
      new AssignLayout()
          .apply(
              Network.of(
                      Shape.chw(16, 112, 112),
                      net ->
                          net.conv("wide1", 96, 1)
                              .conv("wide2", 24, 1)
                              .conv("wide3", 144, 1)
                              .conv("wide4", 32, 1)
                              .averagePool(16)
                              .conv("heavy1", 2048, 1)
                              .conv("heavy2", 2048, 1)
                              .conv("heavy3", 2048, 1))
                  .graph());

  @Test
  void oneImageNeedsNoSlices() {
    assertEquals(
        BatchSlicing.whole(TAPERED, 1).segments(),
        BatchSlicing.of(TAPERED, 1, 2, SERVER, id -> true).segments());
  }

  @Test
  void wideLayersTakeFewImagesAndHeavyOnesAll() {
    List<Segment> segments = BatchSlicing.of(TAPERED, 16, 1, SERVER, id -> true).segments();
    assertTrue(segments.get(0).images() < 4, segments::toString);
    assertEquals(16, segments.get(segments.size() - 1).images());
    assertEquals(2, segments.size(), segments::toString);
  }

  @Test
  void whatFitsInTheCacheIsNotCut() {
    Graph small =
        new AssignLayout()
            .apply(
                Network.of(Shape.chw(16, 8, 8), net -> net.conv("a", 16, 3).conv("b", 16, 3))
                    .graph());
    assertEquals(BatchSlicing.whole(small, 8), BatchSlicing.of(small, 8, 1, SERVER, id -> true));
  }

  @Property(tries = 100)
  void segmentsFollowOneAnother(
      @ForAll @IntRange(min = 1, max = 70) int batch,
      @ForAll @IntRange(min = 1, max = 64) int threads,
      @ForAll @IntRange(min = 10, max = 30) int sharedBits) {
    CacheSizes caches = new CacheSizes(1L << (sharedBits - 4), 1L << sharedBits);
    int begin = 0;
    for (Segment segment :
        BatchSlicing.of(TAPERED, batch, threads, caches, id -> true).segments()) {
      assertEquals(begin, segment.begin());
      assertTrue(segment.images() >= 1 && segment.images() <= batch);
      assertTrue(segment.end() > begin);
      begin = segment.end();
    }
    assertEquals(TAPERED.nodes().size(), begin);
  }
}
