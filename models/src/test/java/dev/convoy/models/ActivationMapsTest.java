package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.backend.CompileOptions;
import dev.convoy.nn.Network;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Fit;
import dev.convoy.vision.Image;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationMapsTest {
  private static final Preprocessing RECIPE =
      new Preprocessing(
          Preprocessing.Colour.RGB, new Fit.Stretch(2, 2, Filter.NEAREST), 0, Normalisation.UNIT);

  /** Two maps of 2×2 pixels: red + green, and blue; two classes. */
  private static Pretrained tiny() {
    Network network =
        Network.of(
            Shape.chw(3, 2, 2),
            net ->
                net.conv("conv", 2, 1)
                    .relu()
                    .globalAveragePool("avgpool")
                    .flatten()
                    .dropout(0.5)
                    .linear("fc", 2)
                    .softmax());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv.weight", new Tensor(Shape.of(2, 3, 1, 1), new float[] {1, 1, 0, 0, 0, 1}));
    tensors.put("conv.bias", new Tensor(Shape.of(2), new float[] {0, 0}));
    tensors.put("fc.weight", new Tensor(Shape.of(2, 2), new float[] {4, -8, 2, 1}));
    tensors.put("fc.bias", new Tensor(Shape.of(2), new float[] {0.5f, -1}));
    return new Pretrained(network, Weights.of(tensors), RECIPE, Labels.numbered(2));
  }

  @Test
  void whereTheNetworkGivesNanThereIsNoMap() {
    Pretrained sound = tiny();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    sound.weights().names().forEach(key -> tensors.put(key, sound.weights().tensor(key)));
    tensors.put("fc.bias", new Tensor(Shape.of(2), new float[] {0, Float.NaN}));
    Pretrained spoilt =
        new Pretrained(sound.network(), Weights.of(tensors), sound.recipe(), sound.labels());
    try (ActivationMaps maps =
        spoilt.activationMaps(ReferenceBackend.float32(), CompileOptions.DEFAULT)) {
      assertThrows(NotFiniteException.class, () -> maps.map(image()));
      assertThrows(NotFiniteException.class, () -> maps.map(image(), 0));
    }
  }

  private static Image image() {
    byte f = (byte) 255;
    // red; yellow; blue; black
    return Image.of(2, 2, new byte[] {f, 0, 0, f, f, 0, 0, 0, f, 0, 0, 0});
  }

  private static ActivationMaps maps() {
    return tiny().activationMaps(ReferenceBackend.float32(), CompileOptions.DEFAULT);
  }

  @Test
  void theMapIsTheRowTimesTheFeatures() {
    try (ActivationMaps maps = maps()) {
      // Features: red + green = 1 2 / 0 0, blue = 0 0 / 1 0; a quarter of row times feature.
      assertArrayEquals(new float[] {1, 2, -2, 0}, maps.map(image(), 0).heatmap().values());
      assertArrayEquals(new float[] {0.5f, 1, 0.25f, 0}, maps.map(image(), 1).heatmap().values());
    }
  }

  @Test
  void theMapAndTheBiasAddUpToTheScore() {
    try (ActivationMaps maps = maps()) {
      float[] bias = {0.5f, -1};
      for (int index = 0; index < 2; index++) {
        ActivationMaps.ClassMap seen = maps.map(image(), index);
        double sum = bias[index];
        for (float part : seen.heatmap().values()) {
          sum += part;
        }
        assertEquals(sum, seen.score(), 1e-6);
      }
    }
  }

  @Test
  void theLikeliestClassIsMappedUnlessAnotherIsWanted() {
    try (ActivationMaps maps = maps()) {
      ActivationMaps.ClassMap seen = maps.map(image());
      assertEquals(0, seen.index());
      assertEquals(1.5f, seen.score(), 1e-6);
      // exp(1.5) / (exp(1.5) + exp(0.75))
      assertEquals(0.6792, seen.prediction().probability(0), 1e-4);
      ConvoyException none = assertThrows(ConvoyException.class, () -> maps.map(image(), 2));
      assertTrue(String.valueOf(none.getMessage()).contains("there is no class 2"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet50",
        "googlenet",
        "inception_v2",
        "inception_v3",
        "densenet121",
        "mobilenet_v1",
        "mobilenet_v2",
        "efficientnet_b0",
        "shufflenet_v2_x1_0",
        "mnasnet1_0",
        "regnet_y_400mf"
      })
  void familiesThatHaveClassActivationMaps(String model) {
    ActivationMaps.check(Catalog.find(model).network());
  }

  @Test
  void otherEndingsAreRefusedByWhatTheyHaveInstead() {
    for (Map.Entry<String, String> ending :
        Map.of(
                "vgg16", "'classifier.",
                "alexnet", "'classifier.",
                "lenet5", "'",
                "squeezenet1_1", "average-adaptive-pool2d",
                "mobilenet_v3_large", "'classifier.1' (hard-swish",
                "convnext_tiny", "'classifier.0' (layer-norm")
            .entrySet()) {
      ConvoyException refusal =
          assertThrows(
              ConvoyException.class,
              () -> ActivationMaps.check(Catalog.find(ending.getKey()).network()),
              ending.getKey());
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains(ending.getValue()), message);
      assertTrue(message.contains("global average pooling"), message);
    }
  }

  @Test
  void featuresAreWhatTheLayerGivesAndNothingBehindItIsComputed() {
    try (FeatureExtractor pooled =
        tiny().features("avgpool", ReferenceBackend.float32(), CompileOptions.DEFAULT)) {
      assertEquals(Shape.chw(2, 1, 1), pooled.shape());
      assertArrayEquals(new float[] {0.75f, 0.25f}, pooled.features(image()).values());
      assertEquals(
          List.of("input", "conv", "avgpool"),
          pooled.model().plan().graph().nodes().stream().map(n -> n.name()).toList());
    }
  }

  @Test
  void unknownLayersAreRefusedWithTheNearestOnes() {
    RuntimeException unknown =
        assertThrows(
            ConvoyException.class,
            () -> tiny().features("avg_pool", ReferenceBackend.float32(), CompileOptions.DEFAULT));
    assertTrue(
        String.valueOf(unknown.getMessage())
            .contains("there is no layer or scope 'avg_pool'; did you mean avgpool?"),
        unknown.getMessage());
  }
}
