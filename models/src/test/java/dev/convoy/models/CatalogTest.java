package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.graph.Node;
import dev.convoy.graph.Parameter;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class CatalogTest {
  /** {@link Models} is for code what the catalogue is for text. */
  @Test
  void everyArchitectureHasAMethod() throws ReflectiveOperationException {
    List<Architecture> offered = new ArrayList<>();
    for (Method method : Models.class.getMethods()) {
      if (method.getReturnType() == Architecture.class && method.getParameterCount() == 0) {
        offered.add((Architecture) method.invoke(null));
      }
    }
    for (int size = 0; size <= 7; size++) {
      offered.add(Models.efficientnet(size));
    }
    assertEquals(Set.copyOf(Catalog.all()), Set.copyOf(offered));
    assertEquals(Catalog.all().size(), offered.size());
  }

  /** Fields of one model in counts.json, as text. */
  private static List<Map<String, String>> counts() throws IOException {
    List<Map<String, String>> models = new ArrayList<>();
    try (InputStream in = CatalogTest.class.getResourceAsStream("/goldens/counts.json");
        JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
      int depth = 0;
      Map<String, String> model = new HashMap<>();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          depth++;
          if (depth == 3) {
            model = new HashMap<>();
          }
        } else if (token.isStructEnd()) {
          if (depth == 3) {
            models.add(model);
          }
          depth--;
        } else if (depth == 4 && token.isScalarValue() && parser.currentName() != null) {
          model.putIfAbsent("without_aux." + parser.currentName(), parser.getString());
        } else if (depth == 3 && token.isScalarValue()) {
          model.put(parser.currentName(), parser.getString());
        }
      }
    }
    return models;
  }

  /** Parameters, statistics, multiply-accumulates and keys equal what PyTorch counts. */
  @TestFactory
  List<DynamicTest> countsAgreeWithPyTorch() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map<String, String> golden : counts()) {
      String name = String.valueOf(golden.get("model"));
      if (Catalog.all().stream().anyMatch(a -> a.name().equals(name))) {
        tests.add(
            DynamicTest.dynamicTest(
                name, () -> assertCounts(golden, Catalog.find(name).network())));
      }
      if (golden.containsKey("without_aux.params")) {
        tests.add(
            DynamicTest.dynamicTest(
                name + " without auxiliary heads", () -> assertCountsWithoutHeads(golden, name)));
      }
    }
    assertEquals(55, tests.size(), "architectures that counts.json knows");
    return tests;
  }

  private static void assertCounts(Map<String, String> golden, Network network) throws Exception {
    assertEquals(Long.parseLong(golden.get("params")), network.parameters());
    assertEquals(Long.parseLong(golden.get("buffers")), network.statistics());
    assertEquals(Long.parseLong(golden.get("macs")), network.macs());
    assertKeys(golden, "", network);
  }

  /** The trunk alone: fewer parameters and keys, the same work. */
  private static void assertCountsWithoutHeads(Map<String, String> golden, String name)
      throws Exception {
    Network network = Catalog.find(name + "_without_aux").network();
    assertEquals(Long.parseLong(golden.get("without_aux.params")), network.parameters());
    assertEquals(Long.parseLong(golden.get("macs")), network.macs());
    assertKeys(golden, "without_aux.", network);
  }

  private static void assertKeys(Map<String, String> golden, String prefix, Network network)
      throws Exception {
    Map<String, Parameter.Stored> stored = network.graph().storedParameters();
    assertEquals(Integer.parseInt(golden.get(prefix + "n_keys")), stored.size());
    String lines =
        stored.values().stream()
            .sorted((a, b) -> a.key().compareTo(b.key()))
            .map(p -> p.key() + " " + p.shape().toString().replace('x', ',') + "\n")
            .collect(Collectors.joining());
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.UTF_8));
    assertEquals(golden.get(prefix + "keys_sha256"), HexFormat.of().formatHex(hash));
  }

  /** Networks that counts.json lacks, against torchvision's documentation: in billions of MACs. */
  @ParameterizedTest
  @CsvSource({
    "mnasnet0_75, 3170208, 0.215",
    "mnasnet1_3, 6282256, 0.526",
    "shufflenet_v2_x1_5, 3503624, 0.296",
    "shufflenet_v2_x2_0, 7393996, 0.583",
    "efficientnet_v2_m, 54139356, 24.582",
    "efficientnet_v2_l, 118515272, 56.08",
    "resnext101_64x4d, 83455272, 15.46",
    "regnet_x_800mf, 7259656, 0.8",
    "regnet_x_1_6gf, 9190136, 1.603",
    "regnet_x_3_2gf, 15296552, 3.177",
    "regnet_x_8gf, 39572648, 7.995",
    "regnet_x_16gf, 54278536, 15.941",
    "regnet_x_32gf, 107811560, 31.736",
    "regnet_y_800mf, 6432512, 0.834",
    "regnet_y_1_6gf, 11202430, 1.612",
    "regnet_y_3_2gf, 19436338, 3.176",
    "regnet_y_8gf, 39381472, 8.473",
    "regnet_y_16gf, 83590140, 15.912",
    "regnet_y_32gf, 145046770, 32.28",
    "regnet_y_128gf, 644812894, 374.57",
  })
  void countsAgreeWithTorchvision(String name, long parameters, double billions) {
    Network network = Catalog.find(name).network();
    assertEquals(parameters, network.parameters());
    assertEquals(billions, network.macs() / 1e9, 0.005 * billions);
  }

  @Test
  void theOriginalAlexNetHasTheNotesParameters() {
    Network network = Models.alexnetOriginal().network();
    assertEquals(62_378_344, network.parameters());
    assertEquals(Shape.chw(3, 227, 227), network.input());
    assertEquals(Shape.chw(96, 55, 55), network.graph().node(1).shape());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_a075", "_a050", "_a025"})
  void everyWidthOfMobileNetV1HasBothActivations(String width) {
    String relu = Catalog.find("mobilenet_v1" + width).network().graph().toString();
    String relu6 = Catalog.find("mobilenet_v1" + width + "_relu6").network().graph().toString();
    assertEquals(relu.replace(" = relu(", " = relu6("), relu6);
  }

  /** Names are those of checkpoints, whatever digits the user writes. */
  @Test
  void namesDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG"));
    try {
      for (Architecture architecture : Catalog.all()) {
        for (Node node : architecture.network().graph().nodes()) {
          String text = node.name() + ": " + node.op();
          assertTrue(
              text.chars().noneMatch(c -> c > '9' && Character.isDigit(c)),
              architecture + ": " + text);
        }
      }
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @Test
  void namesAreForgiving() {
    assertEquals("resnet50", Catalog.find("ResNet-50").name());
    assertEquals("vgg16_bn", Catalog.find("vgg16bn").name());
    ConvoyException unknown = assertThrows(ConvoyException.class, () -> Catalog.find("resnet51"));
    assertTrue(
        unknown.toString().contains("there is no model 'resnet51'; there are lenet5, alexnet, "));
    assertEquals("regnet_x_16gf", Catalog.find("RegNet-X 16GF").name());
    assertEquals("regnet_x_1_6gf", Catalog.find("regnet_x_1_6gf").name());
    assertEquals(
        "the model 'regnetx16gf' may be regnet_x_1_6gf or regnet_x_16gf",
        assertThrows(ConvoyException.class, () -> Catalog.find("regnetx16gf")).getMessage());
  }

  @Test
  void everyPublishedFileBelongsToAnArchitectureAndIsFoundByItsName() {
    assertEquals(97, PublishedWeights.ALL.size());
    for (PublishedWeights weights : PublishedWeights.ALL) {
      assertEquals(weights.architecture(), Catalog.find(weights.architecture()).name());
      assertEquals(
          weights, PublishedWeights.of(Path.of("somewhere", weights.file())).orElseThrow());
    }
    assertEquals("IMAGENET1K_V2", PublishedWeights.of(Models.resnet50()).get(0).name());
  }

  @Test
  void aPublishedFileBringsItsOwnRecipe() {
    assertEquals(
        Preprocessing.imagenet(256, 224, Filter.BILINEAR),
        PublishedWeights.of(Path.of("resnet50-0676ba61.pth")).orElseThrow().recipe());
    assertEquals(
        Preprocessing.imagenet(232, 224, Filter.BILINEAR),
        PublishedWeights.of(Path.of("resnet50-11ad3fa6.safetensors")).orElseThrow().recipe());
  }
}
