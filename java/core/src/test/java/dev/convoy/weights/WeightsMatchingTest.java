package dev.convoy.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Linear;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WeightsMatchingTest {
  /** conv (2 filters of 1x3x3 on 1x3x3), flatten, fc (5 classes). */
  private static final Graph NETWORK = network();

  private static Graph network() {
    GraphBuilder net = new GraphBuilder();
    int x = net.add("x", new Input(Shape.chw(1, 3, 3)), List.of());
    int conv = net.add("conv", Conv2d.of(2, 3), List.of(x));
    int flat = net.add("flatten", new Flatten(), List.of(conv));
    return net.build(List.of(net.add("fc", Linear.of(5), List.of(flat))));
  }

  private static Map<String, Tensor> fitting() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("fc.bias", zeros(5));
    tensors.put("fc.weight", zeros(5, 2));
    tensors.put("conv.bias", zeros(2));
    tensors.put("conv.weight", zeros(2, 1, 3, 3));
    return tensors;
  }

  private static Tensor zeros(int... dims) {
    return Tensor.zeros(Shape.of(dims));
  }

  private static String refusal(Map<String, Tensor> tensors) {
    return String.valueOf(
        assertThrows(WeightsException.class, () -> Weights.of(tensors).matching(NETWORK))
            .getMessage());
  }

  @Test
  void givesTheNetworksTensorsInItsOrder() {
    Map<String, Tensor> tensors = fitting();
    tensors.put("bn.num_batches_tracked", zeros());

    Weights matching = Weights.of(tensors).matching(NETWORK);

    assertEquals(List.of("conv.weight", "conv.bias", "fc.weight", "fc.bias"), matching.names());
    assertSame(tensors.get("fc.weight"), matching.tensor("fc.weight"));
  }

  @Test
  void whatNoOutputDependsOnMayBeAbsentOrOfAnotherShape() {
    Graph upToConv = NETWORK.withOutputs(List.of("conv"));
    Map<String, Tensor> tensors = fitting();
    tensors.remove("fc.bias");
    tensors.put("fc.weight", zeros(7, 2));
    assertEquals(
        List.of("conv.weight", "conv.bias", "fc.weight"),
        Weights.of(tensors).matching(upToConv).names());
    tensors.remove("conv.bias");
    tensors.put("head.weight", zeros(1));
    String message =
        assertThrows(WeightsException.class, () -> Weights.of(tensors).matching(upToConv))
            .getMessage();
    assertTrue(String.valueOf(message).contains("1 missing, 1 unexpected, 0 of another"), message);
  }

  @Test
  void reportsEverythingAtOnceAndSorted() {
    Map<String, Tensor> tensors = fitting();
    tensors.remove("fc.bias");
    tensors.remove("conv.bias");
    tensors.put("zeta", zeros(1));
    tensors.put("alpha", zeros(3, 4));
    tensors.put("fc.weight", zeros(2, 5));

    assertEquals(
        """
        the weights: the weights do not fit the network: 2 missing, 2 unexpected, 1 of another shape
        Give the weights of this network, or build the network that the weights are of
          missing     conv.bias: expected 2
          missing     fc.bias: expected 5
          unexpected  alpha: given 3x4
          unexpected  zeta: given 1
          shape       fc.weight: expected 5x2, given 2x5""",
        refusal(tensors));
  }

  @Test
  void manyKeysAreCounted() {
    Map<String, Tensor> tensors = fitting();
    for (int i = 10; i < 30; i++) {
      tensors.put("extra" + i, zeros());
    }
    List<String> lines = refusal(tensors).lines().toList();
    assertEquals(2 + 10 + 1, lines.size(), lines::toString);
    assertEquals("  unexpected  extra19: given scalar", lines.get(11));
    assertEquals("  unexpected  … and 10 more", lines.get(12));
  }

  @Test
  void aCureOfTheCallersStandsFirst() {
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> Weights.of(Map.of()).matching(NETWORK, () -> Optional.of("Buy some.")));
    assertEquals("Buy some.", String.valueOf(e.getMessage()).lines().toList().get(1));
  }

  @Test
  void aPrefixTooManyIsExplainedAndTheCureWorks() {
    Map<String, Tensor> prefixed = new LinkedHashMap<>();
    fitting().forEach((key, tensor) -> prefixed.put("backbone." + key, tensor));

    String message = refusal(prefixed);

    assertTrue(
        message.contains("without 'backbone.'? Load with renamed(key -> key.substring(9))"),
        message);
    Weights.of(prefixed).renamed(key -> key.substring(9)).matching(NETWORK);
  }

  @Test
  void aLostPrefixIsExplained() {
    Map<String, Tensor> tensors = fitting();
    tensors.put("weight", zeros(2, 1, 3, 3));
    tensors.put("bias", zeros(2));
    tensors.remove("conv.weight");
    tensors.remove("conv.bias");

    assertTrue(refusal(tensors).contains("renamed(key -> \"conv.\" + key)"));
  }

  @Test
  void anotherClassCountIsExplained() {
    Map<String, Tensor> tensors = fitting();
    tensors.put("fc.weight", zeros(7, 2));
    tensors.put("fc.bias", zeros(7));

    String message = refusal(tensors);

    assertTrue(message.contains("for 7 classes, the network has 5"), message);
  }

  @Test
  void anUnknownKeyIsNamed() {
    WeightsException e =
        assertThrows(WeightsException.class, () -> Weights.of(fitting()).tensor("fc.w"));
    assertTrue(String.valueOf(e.getMessage()).contains("'fc.w'"));
  }

  @Test
  void renamingMustKeepKeysApart() {
    assertThrows(WeightsException.class, () -> Weights.of(fitting()).renamed(key -> "same"));
  }
}
