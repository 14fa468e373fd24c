package dev.convoy.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static Graph residualBlock() {
    GraphBuilder builder = new GraphBuilder();
    int in = builder.add("image", new Input(Shape.chw(8, 6, 6)), List.of());
    int conv = builder.add("block.conv", Conv2d.of(8, 3).padding(1).noBias(), List.of(in));
    int norm = builder.add("block.bn", new BatchNorm(1e-5), List.of(conv));
    int sum = builder.add("block.add", new Add(Activation.RELU), List.of(norm, in));
    return builder.build(List.of(sum));
  }

  @Test
  void a_printed_graph_says_everything_but_the_weights() {
    assertEquals(
        """
        %0 = input() : 8x6x6 "image"
        %1 = conv2d 8 3x3 pad 1(%0) : 8x6x6 "block.conv"
        %2 = batch-norm 1.0E-5(%1) : 8x6x6 "block.bn"
        %3 = add + relu(%2, %0) : 8x6x6 "block.add"
        -> %3
        """,
        residualBlock().toString());
  }

  @Test
  void parameters_are_named_as_in_a_checkpoint() {
    assertEquals(
        List.of(
            "block.conv.weight",
            "block.bn.weight",
            "block.bn.bias",
            "block.bn.running_mean",
            "block.bn.running_var"),
        List.copyOf(residualBlock().storedParameters().keySet()));
    assertEquals(
        List.of("block.conv.weight"),
        List.copyOf(residualBlock().withOutputs(List.of("block.conv")).liveParameters().keySet()));
  }

  @Test
  void work_and_readers_are_counted() {
    Graph graph = residualBlock();
    assertEquals(8 * 36 * 8 * 9, graph.macs());
    assertEquals(List.of(1, 3), graph.consumers().get(0));
    assertEquals(List.of(0), graph.inputs());
  }

  @Test
  void a_layer_has_the_parameters_that_it_asks_for() {
    Parameter weight = new Parameter.Stored("norm.weight", Shape.of(8), true);
    Parameter shorter = new Parameter.Stored("norm.bias", Shape.of(7), true);
    assertEquals(
        "layer 'norm' (layer-norm 1.0E-5) needs 2 parameters, has 1",
        assertThrows(ShapeException.class, () -> layerNorm(weight)).getMessage());
    assertEquals(
        "parameter 'norm.bias' of layer 'norm' must have shape 8, got 7",
        assertThrows(ShapeException.class, () -> layerNorm(weight, shorter)).getMessage());
  }

  private static Graph layerNorm(Parameter... parameters) {
    Shape shape = Shape.chw(8, 6, 6);
    Node in = new Node("in", new Input(shape), List.of(), List.of(), shape, Layout.PLAIN);
    Node norm =
        new Node("norm", new LayerNorm(1e-5), List.of(0), List.of(parameters), shape, Layout.PLAIN);
    return new Graph(List.of(in, norm), List.of(1));
  }

  @Test
  void a_scope_is_found_as_its_last_layer() {
    Graph graph = residualBlock();
    assertEquals(1, graph.find("block.conv").orElseThrow());
    assertEquals(3, graph.find("block").orElseThrow());
    assertTrue(graph.find("bloc").isEmpty());
    assertEquals(List.of(1, 3), graph.withOutputs(List.of("block.conv", "block")).outputs());
    ShapeException refusal =
        assertThrows(ShapeException.class, () -> graph.withOutputs(List.of("head")));
    assertTrue(String.valueOf(refusal.getMessage()).contains("'head'"), refusal.getMessage());
  }

  @Test
  void a_graph_that_contradicts_itself_is_refused() {
    Node input =
        new Node("x", new Input(Shape.of(3)), List.of(), List.of(), Shape.of(3), Layout.PLAIN);
    Node reader = node("y", List.of(0), Shape.of(3));
    assertThrows(ShapeException.class, () -> new Graph(List.of(input, input), List.of(0)));
    assertThrows(ShapeException.class, () -> new Graph(List.of(reader), List.of(0)));
    assertThrows(
        ShapeException.class,
        () -> new Graph(List.of(input, node("y", List.of(0), Shape.of(4))), List.of(0)));
    assertThrows(ShapeException.class, () -> new Graph(List.of(input, reader), List.of(2)));
    assertThrows(ShapeException.class, () -> new Graph(List.of(input, reader), List.of()));
    assertEquals(2, new Graph(List.of(input, reader), List.of(1)).nodes().size());
  }

  private static Node node(String name, List<Integer> inputs, Shape shape) {
    return new Node(name, new Identity(), inputs, List.of(), shape, Layout.PLAIN);
  }
}
