package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.CompileOptions;
import dev.convoy.nn.Network;
import dev.convoy.plan.Backends;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Image;
import dev.convoy.weights.Weights;
import dev.convoy.weights.WeightsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FittedWeightsTest {
  private static final Labels FLOWERS = new Labels(List.of("tulip", "rose", "iris"));

  @TempDir Path folder;

  private static String refusal(Architecture architecture, Weights weights) {
    WeightsException refused =
        assertThrows(
            WeightsException.class,
            () -> FittedWeights.of(architecture, architecture.network(), weights));
    return String.valueOf(refused.getMessage());
  }

  private static List<String> recognised(Weights weights) {
    return Recognition.of(weights.shapes()).stream()
        .map(Architecture::name)
        .collect(Collectors.toList());
  }

  @Test
  void fineTunedWeightsPredictTheirOwnClasses() throws Exception {
    Architecture squeezenet = Models.squeezenet11();
    Path file = folder.resolve("flowers.safetensors");
    RandomWeights.of(squeezenet.network(squeezenet.input(), 3)).save(file);
    try (Classifier classifier =
        squeezenet
            .withLabels(FLOWERS)
            .load(file, Backends.named("reference"), CompileOptions.DEFAULT)) {
      assertTrue(FLOWERS.names().contains(classifier.predict(black()).best().label()));
    }
    assertEquals(3, squeezenet.withClassesOf(file).labels().size());
    assertEquals(Models.vgg16(), Models.vgg16().withClassesOf(file), "another network's");
  }

  private Image black() throws Exception {
    Path png = folder.resolve("black.png");
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(8, 8, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        png.toFile());
    return Image.read(png);
  }

  @Test
  void aRecipeOfChoiceTakesThePlaceOfTheFilesOwn() {
    Architecture mobilenet = Models.mobilenetV2();
    Path file = folder.resolve("mine.safetensors");
    RandomWeights.of(mobilenet.network()).save(file);
    assertEquals(Optional.empty(), Architecture.ownRecipe(file));
    assertEquals(mobilenet.recipe(), mobilenet.pretrained(file).recipe());

    PublishedWeights second = PublishedWeights.named(mobilenet, "IMAGENET1K_V2");
    assertEquals(Optional.of(second.recipe()), Architecture.ownRecipe(Path.of(second.file())));
    assertEquals(second.recipe(), mobilenet.pretrained(file, second.recipe()).recipe());
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedByItsName() {
    Weights weights = RandomWeights.of(Models.resnet18().network());
    String message = refusal(Models.resnet34(), weights);
    assertTrue(message.contains("missing     layer1.2.conv1.weight"), message);
    assertEquals(
        "They look like the weights of resnet18", message.lines().toList().get(1), message);
    assertFalse(refusal(Models.vgg16(), Weights.of(Map.of())).contains("look like"));
  }

  /** As torchvision does for {@code aux_logits=False}. */
  @ParameterizedTest
  @ValueSource(strings = {"googlenet", "inception_v3"})
  void publishedWeightsLoseTheirAuxiliaryHeadsWhereTheNetworkHasNone(String name) {
    Architecture bare = Catalog.find(name + "_without_aux");
    assertEquals(PublishedWeights.of(Catalog.find(name)), PublishedWeights.of(bare));
    Weights published = RandomWeights.of(Catalog.find(name).network());
    FittedWeights fitted = FittedWeights.of(bare, bare.network(), published);
    Set<String> own = bare.network().graph().storedParameters().keySet();
    assertSameTensors(published.only(own::contains), fitted);

    String first = published.names().get(0);
    String incomplete = refusal(bare, published.only(key -> !key.equals(first)));
    assertTrue(incomplete.contains("1 missing, 0 unexpected"), incomplete);
    String odd = refusal(bare, published.renamed(key -> key.equals(first) ? "aux3.bias" : key));
    assertTrue(odd.contains("unexpected  aux3.bias"), odd);
  }

  @Test
  void networksAreRecognised() {
    Architecture v1 = Models.mobilenetV1();
    assertEquals(
        List.of("mobilenet_v1", "mobilenet_v1_relu6"),
        recognised(RandomWeights.of(v1.network(v1.input(), 7))));
    assertEquals(List.of("lenet5"), recognised(Models.digitWeights()));
    assertEquals(List.of(), recognised(Weights.of(Map.of("a", Tensor.zeros(Shape.of(1))))));
  }

  /** What torchvision's published DenseNets are like. */
  @Test
  void theFirstDenseNetsKeysAreUnderstood() {
    Architecture densenet = Models.densenet121();
    Weights weights = RandomWeights.of(densenet.network());
    Weights old =
        weights.renamed(key -> key.replaceAll("(denselayer\\d+\\.(?:norm|conv))([12])", "$1.$2"));
    assertTrue(
        old.names().contains("features.denseblock1.denselayer1.norm.1.running_mean"),
        "the test's own renaming");
    FittedWeights fitted = FittedWeights.of(densenet, densenet.network(), old);
    assertSameTensors(weights, fitted);
    assertEquals(List.of("densenet121"), recognised(old));
  }

  static void assertSameTensors(Weights expected, FittedWeights fitted) {
    assertEquals(expected.names(), fitted.weights().names());
    for (String key : expected.names()) {
      assertSame(expected.tensor(key).values(), fitted.weights().tensor(key).values(), key);
    }
  }

  /** timm's ResNets have torchvision's keys; another stem is another network. */
  @Test
  void aDeepStemIsReportedKeyByKey() {
    Network network = Models.resnet18().network();
    Weights random = RandomWeights.of(network).only(key -> !key.equals("conv1.weight"));
    Map<String, Tensor> deep = new LinkedHashMap<>();
    random.names().forEach(key -> deep.put(key, random.tensor(key)));
    deep.put("conv1.0.weight", Tensor.zeros(Shape.of(32, 3, 3, 3)));
    String message = refusal(Models.resnet18(), Weights.of(deep));
    assertTrue(message.contains("missing     conv1.weight: expected 64x3x7x7"), message);
    assertTrue(message.contains("unexpected  conv1.0.weight: given 32x3x3x3"), message);
  }

  @Test
  void aDamagedFileIsRefused() throws Exception {
    Path file = folder.resolve("cut.safetensors");
    Models.digitWeights().save(file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    WeightsException refused =
        assertThrows(WeightsException.class, () -> Models.lenet5().load(file));
    assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()));
  }
}
