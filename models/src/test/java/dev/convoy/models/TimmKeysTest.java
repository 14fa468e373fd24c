package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.graph.BatchNorm;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import dev.convoy.weights.WeightsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * timm's keys are written down here from its tables, stage by stage, in the order of the layers.
 * Both namings list the same layers in the same order, which makes them comparable one by one.
 */
class TimmKeysTest {
  private static List<String> norm(String name) {
    return List.of(name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var");
  }

  /**
   * @param stages words such as {@code ir3+se}: three inverted residuals with excitation; {@code
   *     ds} separable, {@code cn} one convolution
   */
  private static List<String> timm(String stages, boolean head, boolean norm) {
    List<String> keys = new ArrayList<>(List.of("conv_stem.weight"));
    keys.addAll(norm("bn1"));
    String[] words = stages.split(" ", -1);
    for (int stage = 0; stage < words.length; stage++) {
      int index = 0;
      for (String run : words[stage].split(",", -1)) {
        for (int i = 0; i < run.charAt(2) - '0'; i++) {
          keys.addAll(
              block(
                  "blocks.%d.%d.".formatted(stage, index++),
                  run.substring(0, 2),
                  run.endsWith("+se")));
        }
      }
    }
    if (head) {
      keys.add("conv_head.weight");
      keys.addAll(norm ? norm("bn2") : List.of("conv_head.bias"));
    }
    keys.addAll(List.of("classifier.weight", "classifier.bias"));
    return keys;
  }

  private static List<String> block(String scope, String kind, boolean excited) {
    List<String> keys = new ArrayList<>();
    List<String> convs =
        switch (kind) {
          case "ir" -> List.of("conv_pw", "conv_dw", "conv_pwl");
          case "ds" -> List.of("conv_dw", "conv_pw");
          default -> List.of("conv");
        };
    for (int i = 0; i < convs.size(); i++) {
      if (excited && i == convs.size() - 1) {
        for (String part : List.of("conv_reduce", "conv_expand")) {
          keys.addAll(List.of(scope + "se." + part + ".weight", scope + "se." + part + ".bias"));
        }
      }
      keys.add(scope + convs.get(i) + ".weight");
      keys.addAll(norm(scope + "bn" + (i + 1)));
    }
    return keys;
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1_relu6, 'ds1 ds2 ds2 ds6 ds2', false, false",
    "mobilenet_v2, 'ds1 ir2 ir3 ir4 ir3 ir3 ir1', true, true",
    "mobilenet_v3_large, 'ds1 ir2 ir3+se ir4 ir2+se ir3+se cn1', true, false",
    "mobilenet_v3_small, 'ds1+se ir2 ir3+se ir2+se ir3+se cn1', true, false",
    "efficientnet_b0, 'ds1+se ir2+se ir2+se ir3+se ir3+se ir4+se ir1+se', true, true",
    "efficientnet_b5, 'ds3+se ir5+se ir5+se ir7+se ir7+se ir9+se ir3+se', true, true",
  })
  void everyKeyFindsItsTensor(String name, String stages, boolean head, boolean norm) {
    Architecture architecture = Catalog.find(name);
    Weights expected = RandomWeights.of(architecture.network());
    List<String> timm = timm(stages, head, norm);
    assertEquals(expected.names().size(), timm.size());
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    for (int i = 0; i < timm.size(); i++) {
      Tensor tensor = expected.tensor(expected.names().get(i));
      if (timm.get(i).equals("conv_head.weight") && tensor.shape().rank() == 2) {
        // MobileNet v3's first linear layer is a convolution over there.
        int[] dims = tensor.shape().toArray();
        tensor = new Tensor(Shape.of(dims[0], dims[1], 1, 1), tensor.values());
      }
      renamed.put(timm.get(i), tensor);
    }
    renamed.put("bn1.num_batches_tracked", Tensor.zeros(Shape.of(1)));
    FittedWeights fitted =
        FittedWeights.of(architecture, architecture.network(), Weights.of(renamed));
    FittedWeightsTest.assertSameTensors(expected, fitted);
    assertTrue(
        fitted.network().graph().nodes().stream()
            .allMatch(node -> !(node.op() instanceof BatchNorm bn) || bn.eps() == 1e-5),
        "timm's eps");
  }

  @Test
  void whatIsNotTimmsKeepsItsEps() {
    Architecture v3 = Models.mobilenetV3Small();
    FittedWeights fitted = FittedWeights.of(v3, v3.network(), RandomWeights.of(v3.network()));
    assertEquals(v3.network(), fitted.network());
  }

  @Test
  void anotherActivationIsRefused() {
    Architecture relu = Models.mobilenetV1();
    Weights timm = Weights.of(Map.of("conv_stem.weight", Tensor.zeros(Shape.of(32, 3, 3, 3))));
    WeightsException refused =
        assertThrows(WeightsException.class, () -> FittedWeights.of(relu, relu.network(), timm));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("mobilenet_v1_relu6"));
    Architecture half = Models.mobilenetV1Half();
    refused =
        assertThrows(WeightsException.class, () -> FittedWeights.of(half, half.network(), timm));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("mobilenet_v1_a050_relu6"));
  }

  @Test
  void unknownPartsAreReported() {
    Architecture v2 = Models.mobilenetV2();
    Weights odd =
        Weights.of(
            Map.of(
                "conv_stem.weight", Tensor.zeros(Shape.of(32, 3, 3, 3)),
                "blocks.0.0.attention.weight", Tensor.zeros(Shape.of(1)),
                "blocks.99999999999.0.conv_dw.weight", Tensor.zeros(Shape.of(1))));
    WeightsException refused =
        assertThrows(WeightsException.class, () -> FittedWeights.of(v2, v2.network(), odd));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("unexpected  blocks.0.0.attention.weight"), message);
    assertTrue(message.contains("unexpected  blocks.99999999999.0.conv_dw.weight"), message);
  }
}
