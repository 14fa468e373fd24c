package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Mode;
import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.models.Catalog;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DepartureTest {
  private static final Backend REFERENCE = ReferenceBackend.float32();
  private static final Network LENET = Catalog.find("lenet5").network();
  private static final Network RESNET = Catalog.find("resnet18").network(Shape.chw(3, 61, 40));
  private static final Network EVERY_OPERATION = EveryOperation.network();

  static List<Subject> singlePrecision() {
    return Subjects.all().stream().filter(s -> !s.isFloat64()).toList();
  }

  private static Departure find(Network network, Backend suspect, Mode mode) {
    ParameterSource parameters = GoldenNumbers.of(network.graph(), 1, Map.of());
    Shape batch = network.input().batch(2);
    Tensor input = new Tensor(batch, GoldenNumbers.signed("input", batch.intSize()));
    return Departure.find(network, parameters, input, suspect, REFERENCE, mode);
  }

  private static void assertDepartsAt(String node, Departure departure) {
    List<String> departing =
        departure.described().stream()
            .filter(NodeComparison::departs)
            .map(NodeComparison::node)
            .toList();
    assertEquals(List.of(node), departing, departure::toText);
    assertEquals(node, departure.first().map(NodeComparison::node).orElse("none"));
    assertTrue(departure.verdict().startsWith("'" + node + "' departs first"));
  }

  @ParameterizedTest
  @MethodSource("singlePrecision")
  void noNodeOfLenetDeparts(Subject subject) {
    Departure departure = find(LENET, subject.backend(), subject.mode());

    assertTrue(departure.first().isEmpty(), departure::toText);
    assertEquals(LENET.graph().nodes().size() - 1, departure.described().size());
  }

  @ParameterizedTest
  @MethodSource("singlePrecision")
  void noOperationDeparts(Subject subject) {
    Departure departure = find(EVERY_OPERATION, subject.backend(), subject.mode());

    assertTrue(departure.first().isEmpty(), departure::toText);
    assertFalse(departure.optimised().isEmpty());
  }

  @Test
  void noNodeOfAResidualNetworkDeparts() {
    Departure departure = find(RESNET, Subjects.best(Mode.EXACT).backend(), Mode.EXACT);

    assertTrue(departure.first().isEmpty(), departure::toText);
  }

  @Test
  void aBrokenConvolutionIsFoundWhereItIs() {
    Backend broken = SabotagedBackend.parameter(REFERENCE, "conv2.bias", 1e-6f);

    Departure departure = find(LENET, broken, Mode.EXACT);

    assertDepartsAt("conv2", departure);
    NodeComparison conv2 = departure.first().orElseThrow();
    assertTrue(conv2.ulps() >= 1, conv2::toString);
    assertTrue(conv2.error() > 0 && conv2.error() < 2e-6, conv2::toString);
  }

  @Test
  void aBrokenActivationIsFoundWhereItIs() {
    Backend broken =
        SabotagedBackend.node(REFERENCE, "tanh_2", new Activate(Activation.HARD_SIGMOID));

    assertDepartsAt("tanh_2", find(LENET, broken, Mode.EXACT));
    assertDepartsAt("tanh_2", find(LENET, broken, Mode.FAST));
  }

  @Test
  void aBrokenPoolingIsFoundWhereItIs() {
    Backend broken = SabotagedBackend.node(REFERENCE, "pool2", Pool2d.of(Pooling.MAX, 2));

    assertDepartsAt("pool2", find(LENET, broken, Mode.FAST));
  }

  @Test
  void aBrokenConvolutionOfABranchIsFoundWhereItIs() {
    Backend broken = SabotagedBackend.parameter(REFERENCE, "middle.weight", 0.5f);

    assertDepartsAt("middle", find(EVERY_OPERATION, broken, Mode.FAST));
  }

  @Test
  void aNodeThatOnlyFusionMakesIsCheckedToo() {
    Network network =
        Network.of(Shape.chw(3, 6, 5), net -> net.conv("conv", Conv2d.of(4, 3).padding(1)).relu());
    String fused = "conv";
    Backend broken =
        SabotagedBackend.parameter(REFERENCE, "conv.bias", 0.5f)
            .when(graph -> graph.nodes().size() == 2 && graph.toString().contains("+ relu"));

    Departure departure = find(network, broken, Mode.EXACT);

    assertTrue(departure.described().stream().noneMatch(NodeComparison::departs));
    assertEquals(1, departure.optimised().size());
    assertTrue(departure.first().orElseThrow().operation().contains("relu"), fused);
  }

  @Test
  void aResultThatChangesWhenNothingIsKeptIsFound() {
    Backend broken =
        SabotagedBackend.parameter(REFERENCE, "fc2.bias", 0.25f)
            .when(graph -> graph.outputs().size() == 1);

    Departure departure = find(LENET, broken, Mode.EXACT);

    assertTrue(departure.whole().departs(), departure::toText);
    assertEquals(departure.whole(), departure.first().orElseThrow());
  }

  @Test
  void notANumberDeparts() {
    Backend broken = SabotagedBackend.parameter(REFERENCE, "conv3.bias", Float.NaN);

    assertDepartsAt("conv3", find(LENET, broken, Mode.FAST));
  }

  @Test
  void anInputOfAnotherShapeIsRefused() {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () ->
                Departure.find(
                    LENET,
                    GoldenNumbers.of(LENET.graph(), 1, Map.of()),
                    Tensor.zeros(Shape.chw(1, 28, 28)),
                    REFERENCE,
                    REFERENCE,
                    Mode.EXACT));

    assertEquals(
        "the network reads images of shape 1x32x32 (or a batch of them), got 1x28x28",
        e.getMessage());
  }

  @Test
  void distanceIsCountedInRepresentableFloats() {
    NodeComparison comparison =
        NodeComparison.of(
            "n",
            "op",
            "",
            new float[] {1, -0f, Float.NaN, Math.nextUp(2)},
            new float[] {1, 0, Float.NaN, 2},
            absmax -> Tolerance.NONE);

    assertEquals(1, comparison.ulps());
    assertEquals(3, comparison.position());
    assertEquals(Math.ulp(2f), comparison.error());
    assertTrue(comparison.departs());
  }
}
