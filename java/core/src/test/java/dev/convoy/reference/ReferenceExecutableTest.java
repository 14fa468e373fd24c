package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.RunException;
import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.ParameterSource;
import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceExecutableTest {
  private static final ParameterSource NONE = key -> Tensor.zeros(Shape.of());
  private static final Shape MAP = Shape.chw(5, 6, 7);

  @Test
  void double_results_are_not_rounded_to_float() {
    Graph graph = SingleLayer.of(new Activate(Activation.SIGMOID), Shape.of(1));
    try (var network =
        ReferenceBackend.float64().compile(graph, NONE, CompileOptions.DEFAULT.maxBatch(2))) {
      double[][] result = network.runDouble(2, new float[][] {{0, 1}});
      assertArrayEquals(new double[] {0.5, 1 / (1 + StrictMath.exp(-1))}, result[0]);
    }
  }

  @Test
  void double_results_check_their_arguments() {
    Graph graph = SingleLayer.of(Add.PLAIN, Shape.of(1), Shape.of(1));
    var network = ReferenceBackend.float64().compile(graph, NONE, CompileOptions.DEFAULT);
    float[][] inputs = {{1}, {2}};
    assertThrows(RunException.class, () -> network.runDouble(2, inputs));
    assertThrows(RunException.class, () -> network.runDouble(1, new float[][] {{1}}));
    assertEquals(3, network.runDouble(1, inputs)[0][0]);
    network.close();
    assertThrows(IllegalStateException.class, () -> network.runDouble(1, inputs));
  }

  @Test
  void folding_a_batch_norm_costs_the_double_reference_nothing() {
    GraphBuilder plain = new GraphBuilder();
    int in = plain.add("image", new Input(MAP), List.of());
    int conv = plain.add("conv", Conv2d.of(4, 3), List.of(in));
    Graph unfolded = plain.build(List.of(plain.add("bn", new BatchNorm(1e-3), List.of(conv))));

    List<Parameter> c = unfolded.node(1).parameters();
    List<Parameter> n = unfolded.node(2).parameters();
    Parameter filters = new Parameter.ScaledFilters(c.get(0), n.get(0), n.get(3), 1e-3);
    Parameter bias =
        new Parameter.ShiftedBias(c.get(1), n.get(0), n.get(1), n.get(2), n.get(3), 1e-3);
    GraphBuilder pass = new GraphBuilder();
    pass.add(unfolded.node(0));
    pass.add(
        new Node(
            "conv",
            Conv2d.of(4, 3),
            List.of(0),
            List.of(filters, bias),
            unfolded.node(1).shape(),
            Layout.PLAIN));
    Graph folded = pass.build(List.of(1));

    double[] expected = wide(unfolded);
    assertArrayEquals(expected, wide(folded), 1e-14);
  }

  private static double[] wide(Graph graph) {
    ParameterSource numbers = GoldenNumbers.of(graph, 1, Map.of());
    try (var network = ReferenceBackend.float64().compile(graph, numbers, CompileOptions.DEFAULT)) {
      return network.runDouble(1, new float[][] {GoldenNumbers.signed("x", MAP.intSize())})[0];
    }
  }

  @Test
  void an_input_may_be_a_result_and_a_value_may_be_read_twice() {
    GraphBuilder builder = new GraphBuilder();
    int in = builder.add("x", new Input(Shape.of(2)), List.of());
    int twice = builder.add("twice", Add.PLAIN, List.of(in, in));
    Graph graph = builder.build(List.of(twice, in, twice));
    float[][] results = new float[3][2];
    try (var network = ReferenceBackend.float32().compile(graph, NONE, CompileOptions.DEFAULT);
        var execution = network.open()) {
      execution.run(1, new float[][] {{1, 2}}, results);
    }
    assertArrayEquals(new float[][] {{2, 4}, {1, 2}, {2, 4}}, results);
  }
}
