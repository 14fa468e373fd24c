package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.RunException;
import dev.convoy.nn.Network;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.ShapeException;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Fit;
import dev.convoy.vision.Image;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.Weights;
import dev.convoy.weights.WeightsException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainedTest {
  /** Small images, so that the reference backend is quick. */
  private static final Preprocessing RECIPE = recipe(32);

  private static final Architecture RESNET = Models.resnet18();

  private static final Image IMAGE = Image.of(1, 1, new byte[] {30, -70, 120});

  private static Preprocessing recipe(int size) {
    return new Preprocessing(
        Preprocessing.Colour.RGB,
        new Fit.Stretch(size, size, Filter.NEAREST),
        0,
        Normalisation.IMAGENET);
  }

  private static Weights weights(int classes) {
    return RandomWeights.of(RESNET.network(RECIPE.outputShape(), classes));
  }

  private static float[] features(Weights weights, String layer) {
    try (FeatureExtractor extractor =
        RESNET
            .pretrained(weights, RECIPE)
            .features(layer, ReferenceBackend.float32(), CompileOptions.DEFAULT)) {
      return extractor.features(IMAGE).values();
    }
  }

  private static Classifier classifier(Pretrained pretrained) {
    return pretrained.classifier(ReferenceBackend.float32(), CompileOptions.DEFAULT);
  }

  private static void assertRefused(
      Class<? extends ConvoyException> type, String message, Executable executable) {
    String given = String.valueOf(assertThrows(type, executable).getMessage());
    assertTrue(given.contains(message), given);
  }

  @Test
  void featuresNeedNoClassifierAndNoneOfTheirClasses() {
    Weights whole = weights(1000);
    float[] expected = features(whole, "avgpool");
    assertArrayEquals(
        expected, features(whole.only(key -> !key.startsWith("fc.")), "avgpool"), "a backbone");
    assertEquals(512, features(weights(7), "avgpool").length);
    assertRefused(
        WeightsException.class,
        "missing     layer4.1.bn2.bias",
        () -> features(whole.only(key -> !key.equals("layer4.1.bn2.bias")), "avgpool"));
  }

  @ParameterizedTest
  @CsvSource({
    "squeezenet1_1, classifier.1.",
    "vgg11, classifier.6.",
    "densenet121, classifier.",
    "googlenet, fc.",
    "mobilenet_v3_small, classifier.3.",
    "convnext_tiny, classifier.2.",
    "lenet5, fc2.",
  })
  void theClassifierIsTheLastLayerWithParameters(String model, String classifier) {
    Architecture architecture = Catalog.find(model);
    Weights backbone =
        RandomWeights.of(architecture.network()).only(key -> !key.startsWith(classifier));
    assertEquals(
        backbone.names(),
        architecture.pretrained(backbone, architecture.recipe()).weights().names());
  }

  @Test
  void classesNeedTheClassifier() {
    Pretrained backbone =
        RESNET.pretrained(weights(1000).only(key -> !key.startsWith("fc.")), RECIPE);
    assertRefused(WeightsException.class, "missing     fc.weight", () -> classifier(backbone));
    assertRefused(WeightsException.class, "features(layer) in Java", () -> classifier(backbone));
    assertRefused(
        WeightsException.class,
        "missing     fc.weight",
        () -> backbone.features("fc", ReferenceBackend.float32(), CompileOptions.DEFAULT));
    assertRefused(
        WeightsException.class,
        "missing     fc.weight",
        () -> backbone.activationMaps(ReferenceBackend.float32(), CompileOptions.DEFAULT));
  }

  @Test
  void anotherNumberOfClassesIsRefusedWithTheCure() {
    Pretrained three = RESNET.pretrained(weights(3), RECIPE);
    assertRefused(
        WeightsException.class,
        "fc.weight: expected 1000x512, given 3x512",
        () -> classifier(three));
    assertRefused(
        WeightsException.class,
        "\nThe weights are for 3 classes, the network has 1000: --labels FILE or --classes 3",
        () -> classifier(three));
    assertRefused(
        WeightsException.class,
        "for 3 classes, the network has 4",
        () -> classifier(RESNET.withClasses(4).pretrained(weights(3), RECIPE)));
  }

  @Test
  void anyNumberOfImagesRunsInBatches() {
    Pretrained resnet = RESNET.pretrained(weights(1000), RECIPE);
    Image other = Image.of(1, 1, new byte[] {1, 2, 3});
    try (FeatureExtractor extractor =
        resnet.features(
            "avgpool", ReferenceBackend.float32(), CompileOptions.DEFAULT.maxBatch(2))) {
      assertEquals(
          List.of(extractor.features(other), extractor.features(IMAGE), extractor.features(IMAGE)),
          extractor.features(List.of(other, IMAGE, IMAGE)));
      assertThrows(RunException.class, () -> extractor.features(-1, new float[0]));
    }
    try (Classifier classifier = classifier(resnet)) {
      assertEquals(3, classifier.predict(List.of(other, IMAGE, IMAGE)).size());
      assertThrows(RunException.class, () -> classifier.predict(1 << 22, new float[0]));
    }
  }

  /** On the best backend that this module's tests have, each with its shortest words. */
  @Test
  void theShortestWords(@TempDir Path folder) {
    Path file = folder.resolve("lenet.safetensors");
    Models.digitWeights().save(file);
    CompileOptions two = CompileOptions.DEFAULT.maxBatch(2);
    try (Classifier classifier = Models.lenet5().load(file, two);
        Classifier single = Models.lenet5().pretrained(file).classifier();
        FeatureExtractor extractor = Models.lenet5().pretrained(file).features("fc1", two)) {
      assertEquals(two, classifier.model().plan().options());
      assertEquals(CompileOptions.DEFAULT, single.model().plan().options());
      assertEquals(two, extractor.model().plan().options());
    }
  }

  @Test
  void partsThatDoNotBelongTogetherAreRefusedBeforeAnythingIsCompiled() {
    Network network = RESNET.network(RECIPE.outputShape());
    Weights weights = weights(1000);
    assertRefused(
        ShapeException.class,
        "the network gives 1000 numbers an image, but there are 5 labels",
        () -> new Pretrained(network, weights, RECIPE, Labels.numbered(5)));
    assertRefused(
        ShapeException.class,
        "makes images of 3x48x48, but the network reads 3x32x32",
        () -> new Pretrained(network, weights, recipe(48), Labels.IMAGENET));
  }
}
