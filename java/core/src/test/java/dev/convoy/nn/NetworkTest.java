package dev.convoy.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Node;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
  private static final Network LENET =
      Network.of(
          Shape.chw(1, 32, 32),
          net ->
              net.conv("conv1", 6, 5)
                  .tanh()
                  .averagePool(2)
                  .conv("conv2", 16, 5)
                  .tanh()
                  .averagePool(2)
                  .conv("conv3", 120, 5)
                  .tanh()
                  .flatten()
                  .linear("fc1", 84)
                  .tanh()
                  .linear("fc2", 10)
                  .softmax());

  @Test
  void lenetHasThePapersNumbers() {
    assertEquals(61_706, LENET.parameters());
    assertEquals(416_520, LENET.macs());
    assertEquals(Shape.of(10), LENET.output());
  }

  @Test
  void poolingsAreOfTheKindAndSizeThatTheirNamesSay() {
    Network network =
        Network.of(
            Shape.chw(2, 12, 8),
            net -> net.minPool(2).maxPool(3).averagePool(1).globalMaxPool("top"));
    List<Node> layers = network.graph().nodes().subList(1, 5);
    assertEquals(
        List.of(
            Pool2d.of(Pooling.MIN, 2),
            Pool2d.of(Pooling.MAX, 3),
            Pool2d.of(Pooling.AVERAGE, 1),
            new AdaptivePool2d(Pooling.MAX, 1, 1)),
        layers.stream().map(Node::op).toList());
    assertEquals(Shape.chw(2, 6, 4), layers.get(0).shape());
    assertEquals("top", layers.get(3).name());
    assertEquals(Shape.chw(2, 1, 1), network.output());
  }

  @Test
  void summaryIsTheNotesTable() {
    assertEquals(
        """
        Name    Layer            Feature maps  Size   Kernel  Stride  Padding  Activation  Parameters     MACs
        ------------------------------------------------------------------------------------------------------
        input   Image                       1  32x32  -       -       -        -                    -        -
        conv1   Convolution                 6  28x28  5x5     1       0        tanh               156  117,600
        pool    Average pooling             6  14x14  2x2     2       0        -                    -        -
        conv2   Convolution                16  10x10  5x5     1       0        tanh             2,416  240,000
        pool_2  Average pooling            16  5x5    2x2     2       0        -                    -        -
        conv3   Convolution               120  1x1    5x5     1       0        tanh            48,120   48,000
        fc1     FC                         84  -      -       -       -        tanh            10,164   10,080
        fc2     FC                         10  -      -       -       -        softmax            850      840
        61,706 parameters, 0 running statistics, 416,520 multiply-accumulates an image
        """,
        LENET.summary().toString());
  }

  @Test
  void scopesNameParameters() {
    Network net =
        Network.of(
            Shape.chw(3, 8, 8),
            n -> n.scope("layer1", a -> a.scope("0", b -> b.conv("conv1", 4, 3).relu())));
    assertEquals(
        List.of("layer1.0.conv1.weight", "layer1.0.conv1.bias"),
        List.copyOf(net.graph().storedParameters().keySet()));
    assertEquals(
        "layer1.0.relu", net.graph().node(net.at("layer1").graph().outputs().get(0)).name());
  }

  private static void assertRefused(String message, UnaryOperator<Net> layers) {
    Shape input = Shape.chw(3, 8, 8);
    assertEquals(
        message, assertThrows(ShapeException.class, () -> Network.of(input, layers)).getMessage());
  }

  @Test
  void aWrongShapeNamesTheLayerTheExpectedAndTheGiven() {
    assertRefused(
        "layer 'fc' (linear 10 bias): expected a vector of features, got 3x8x8: put a flatten before it",
        net -> net.linear("fc", 10));
    assertRefused(
        "layer 'c' (conv2d 4 9x9 bias): a kernel spanning 9 does not fit in the padded height 8 + 0: expected at least 9",
        net -> net.conv("c", 4, 9));
    assertRefused(
        "layer 'c' (conv2d 4 1x1 groups 2 bias): 3 input channels cannot be split in 2 groups",
        net -> net.conv("c", Conv2d.of(4, 1).groups(2)));
    assertRefused(
        "layer 'add' (add): expected two inputs of one shape, got [4x8x8, 3x8x8]",
        net -> net.conv("c", 4, 1).add(net));
    assertRefused(
        "layer 'concat' (concat): expected inputs that differ in channels only, got [3x8x8, 3x4x4]",
        net -> net.concat(net.maxPool(2)));
    assertRefused(
        "two layers are called 'c': give one another name",
        net -> net.conv("c", 3, 1).conv("c", 3, 1));
    assertRefused(
        "there is no layer or scope 'x'; the last layer is 'relu'", net -> at(net.relu()));
  }

  @Test
  void valuesOfOneNetworkDoNotEnterAnother() {
    Net[] stranger = new Net[1];
    Network.of(Shape.chw(3, 8, 8), net -> stranger[0] = net.relu());
    String message =
        "the value 'relu' belongs to another network: a network is described by one Network.of";
    assertRefused(message, net -> net.tanh().add(stranger[0]));
    assertRefused(message, net -> net.concat(stranger[0]));
    assertRefused(message, net -> stranger[0]);
  }

  private static Net at(Net net) {
    Network.of(Shape.chw(3, 8, 8), Net::relu).at("x");
    return net;
  }

  /** Sizes that PyTorch gives for max_pool2d. */
  @ParameterizedTest
  @CsvSource({
    "7, 3, 2, 0, false, 3", "7, 3, 2, 0, true, 3", "8, 3, 2, 0, true, 4", "8, 3, 2, 0, false, 3",
    "5, 2, 2, 1, true, 3", "4, 2, 3, 0, true, 2", "1, 1, 2, 0, true, 1", "2, 1, 3, 0, true, 1",
    "112, 3, 2, 1, false, 56", "5, 3, 3, 1, true, 2"
  })
  void poolingSizes(int size, int kernel, int stride, int padding, boolean ceil, int expected) {
    Pool2d pool = Pool2d.of(Pooling.MAX, Window.of(kernel).stride(stride).padding(padding));
    Shape out = (ceil ? pool.ceil() : pool).infer(List.of(Shape.chw(1, size, size)));
    assertEquals(Shape.chw(1, expected, expected), out);
  }
}
