package dev.convoy.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each pass on a small graph, compared as text. */
class PassTest {
  private static Graph graph(UnaryOperator<Net> layers) {
    return Network.of(Shape.chw(16, 8, 8), layers).graph();
  }

  private static void assertGives(String expected, Pass pass, Graph graph) {
    assertEquals(expected, pass.apply(graph).toString());
  }

  @Test
  void identitiesDisappear() {
    assertGives(
        """
        %0 = input() : 16x8x8 "input"
        %1 = relu(%0) : 16x8x8 "relu"
        -> %1
        """,
        new DropIdentities(), graph(net -> net.dropout(0.5).relu().dropout(0.1)));
  }

  @Test
  void whatNoOutputDependsOnDisappears() {
    Graph graph =
        graph(
            net -> {
              Net x = net.relu();
              x.scope("head", head -> head.tanh().conv("c", 4, 1));
              return x.sigmoid();
            });
    assertGives(
        """
        %0 = input() : 16x8x8 "input"
        %1 = relu(%0) : 16x8x8 "relu"
        %2 = sigmoid(%1) : 16x8x8 "sigmoid"
        -> %2
        """,
        new DropDeadNodes(), graph);
    assertEquals(0, graph.macs());
    assertEquals(2, graph.storedParameters().size());
  }

  @Test
  void batchNormFoldsIntoTheConvolutionBeforeIt() {
    Graph folded =
        new FoldBatchNorm()
            .apply(graph(net -> net.conv("c", Conv2d.of(4, 3).noBias()).batchNorm("bn")));
    assertEquals(
        """
        %0 = input() : 16x8x8 "input"
        %1 = conv2d 4 3x3 bias(%0) : 4x6x6 "c"
        -> %1
        """,
        folded.toString());
    assertEquals(
        "[c.weight*bn.weight, bn.bias-bn.running_mean*bn.weight]",
        folded.node(1).parameters().toString());
  }

  @Test
  void batchNormStaysWhereTheConvolutionIsReadElsewhere() {
    Graph graph =
        graph(
            net -> {
              Net conv = net.conv("c", Conv2d.of(16, 1));
              return conv.batchNorm("bn").add(conv);
            });
    assertGives(graph.toString(), new FoldBatchNorm(), graph);
  }

  @Test
  void layerScaleFoldsIntoThePointwiseLinearLayerBeforeIt() {
    Graph folded =
        new FoldLayerScale()
            .apply(graph(net -> net.pointwiseLinear("l", 16).layerScale("scale").add(net)));
    assertEquals(
        """
        %0 = input() : 16x8x8 "input"
        %1 = conv2d 16 1x1 bias(%0) : 16x8x8 "l"
        %2 = add(%1, %0) : 16x8x8 "add"
        -> %2
        """,
        folded.toString());
    assertEquals("[l.weight*scale, l.bias*scale]", folded.node(1).parameters().toString());
    assertEquals(
        "[16x16, 16x1x1, 16]",
        folded.storedParameters().values().stream()
            .map(p -> p.shape().toString())
            .toList()
            .toString());
  }

  @Test
  void layerScaleStaysBehindAnythingElse() {
    Graph graph = graph(net -> net.relu().layerScale("scale"));
    assertGives(graph.toString(), new FoldLayerScale(), graph);
  }

  @Test
  void batchNormStaysWhereTheConvolutionIsAResult() {
    Graph graph =
        graph(net -> net.conv("c", Conv2d.of(16, 1)).batchNorm("bn"))
            .withOutputs(java.util.List.of("c", "bn"));
    assertGives(graph.toString(), new FoldBatchNorm(), graph);
  }

  @Test
  void anAverageMovesBeforeAPointwiseConvolution() {
    assertGives(
        """
        %0 = input() : 16x8x8 "input"
        %1 = average-pool2d 2x2 stride 2(%0) : 16x4x4 "pool"
        %2 = conv2d 4 1x1 bias(%1) : 4x4x4 "a"
        %3 = average-adaptive-pool2d 1x1(%2) : 4x1x1 "global"
        %4 = conv2d 8 1x1 groups 4(%3) : 8x1x1 "b"
        %5 = relu(%4) : 8x1x1 "relu"
        -> %5
        """,
        new PoolBeforePointwise(),
        graph(
            net ->
                net.conv("a", 4, 1)
                    .pool("pool", Pool2d.of(Pooling.AVERAGE, 2))
                    .conv("b", Conv2d.of(8, 1).groups(4).noBias())
                    .globalAveragePool("global")
                    .relu()));
  }

  /**
   * An activation between them, a kernel, a maximum, zeros that count, a result, few pixels less.
   */
  @Test
  void anAverageStaysWhereItDoesNotCommuteOrPay() {
    Window padded = Window.of(3).stride(2).padding(1);
    Window slow = Window.of(2);
    for (Graph graph :
        List.of(
            graph(net -> net.conv("c", 4, 1).relu().averagePool(2)),
            graph(net -> net.conv("c", 4, 3).averagePool(2)),
            graph(net -> net.conv("c", Conv2d.of(4, 1).stride(2)).averagePool(2)),
            graph(net -> net.conv("c", 4, 1).maxPool(2)),
            graph(net -> net.conv("c", 4, 1).pool("p", Pool2d.of(Pooling.AVERAGE, padded))),
            graph(net -> net.conv("c", 4, 1).pool("p", Pool2d.of(Pooling.AVERAGE, slow))),
            graph(net -> net.conv("c", 4, 1).averagePool(2)).withOutputs(List.of("c")))) {
      assertGives(graph.toString(), new PoolBeforePointwise(), graph);
    }
  }

  @Test
  void activationJoinsItsProducer() {
    assertGives(
        """
        %0 = input() : 16x8x8 "input"
        %1 = conv2d 4 3x3 bias + relu(%0) : 4x6x6 "c"
        %2 = flatten(%1) : 144 "flatten"
        %3 = linear 5 bias + tanh(%2) : 5 "fc"
        %4 = batch-norm 1.0E-5 + relu(%3) : 5 "bn"
        -> %4
        """,
        new FuseActivation(),
        graph(
            net ->
                net.conv("c", 4, 3)
                    .relu()
                    .flatten()
                    .linear("fc", 5)
                    .tanh()
                    .batchNorm("bn")
                    .relu()));
  }

  @Test
  void activationStaysBehindAPoolOrAnotherActivation() {
    Graph graph = graph(net -> net.maxPool(2).relu().tanh());
    assertGives(graph.toString(), new FuseActivation(), graph);
  }

  @Test
  void additionJoinsTheConvolutionAndMovesItBehindTheShortcut() {
    assertGives(
        """
        %0 = input() : 16x8x8 "input"
        %1 = conv2d 16 1x1 bias(%0) : 16x8x8 "shortcut"
        %2 = conv2d 16 1x1 bias + residual(%0, %1) : 16x8x8 "main"
        %3 = relu(%2) : 16x8x8 "relu"
        -> %3
        """,
        new FuseResidualAdd(),
        graph(net -> net.conv("main", 16, 1).add(net.conv("shortcut", 16, 1)).relu()));
  }

  @Test
  void additionOfAValueToItselfStays() {
    Graph graph =
        graph(
            net -> {
              Net conv = net.conv("c", 16, 1);
              return conv.add(conv);
            });
    assertGives(graph.toString(), new FuseResidualAdd(), graph);
  }

  @Test
  void aResidualBlockBecomesItsConvolutions() {
    Graph graph =
        graph(
            net ->
                net.conv("conv1", Conv2d.of(16, 3).padding(1).noBias())
                    .layer("bn1", new BatchNorm(1e-5))
                    .relu()
                    .conv("conv2", Conv2d.of(16, 3).padding(1).noBias())
                    .layer("bn2", new BatchNorm(1e-5))
                    .add(net)
                    .relu());
    assertEquals(
        """
        %0 = input() : 16x8x8 "input"
        %1 = conv2d 16 3x3 pad 1 bias + relu(%0) : 16x8x8 "conv1"
        %2 = conv2d 16 3x3 pad 1 bias + residual + relu(%1, %0) : 16x8x8 "conv2"
        -> %2
        """,
        Pass.optimize(graph).toString());
  }

  @Test
  void layoutsAreBlockedInsideAndPlainAtTheEdges() {
    assertGives(
        """
        %0 = input() : 16x8x8 "input"
        %1 = reorder(%0) : 16x8x8 @blocked16 "input:blocked"
        %2 = conv2d 4 3x3 bias(%1) : 4x6x6 @blocked16 "c"
        %3 = relu(%2) : 4x6x6 @blocked16 "relu"
        %4 = reorder(%3) : 4x6x6 "relu:plain"
        -> %4
        """,
        new AssignLayout(), graph(net -> net.conv("c", 4, 3).relu()));
  }

  @Test
  void aConvolutionReadsAnImageOfFewChannelsAsItIs() {
    assertGives(
        """
        %0 = input() : 3x8x8 "input"
        %1 = conv2d 4 3x3 bias(%0) : 4x6x6 @blocked16 "c"
        %2 = reorder(%1) : 4x6x6 "c:plain"
        -> %2
        """,
        new AssignLayout(), Network.of(Shape.chw(3, 8, 8), net -> net.conv("c", 4, 3)).graph());
  }

  @Test
  void aResidualIsBlockedEvenWhereItIsTheImage() {
    Graph fused =
        new FuseResidualAdd()
            .apply(Network.of(Shape.chw(3, 8, 8), net -> net.conv("c", 3, 1).add(net)).graph());
    assertGives(
        """
        %0 = input() : 3x8x8 "input"
        %1 = reorder(%0) : 3x8x8 @blocked16 "input:blocked"
        %2 = conv2d 3 1x1 bias + residual(%0, %1) : 3x8x8 @blocked16 "c"
        %3 = reorder(%2) : 3x8x8 "c:plain"
        -> %3
        """,
        new AssignLayout(), fused);
  }
}
