package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Fit;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimmConfigTest {
  private static final String EFFICIENTNET =
      """
      {"architecture": "efficientnet_b0", "num_classes": 1000, "num_features": 1280, "global_pool": "avg",
       "pretrained_cfg": {"tag": "ra_in1k", "custom_load": false, "input_size": [3, 224, 224],
        "fixed_input_size": false, "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": "center",
        "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "num_classes": 1000,
        "pool_size": [7, 7], "first_conv": "conv_stem", "classifier": "classifier"}}""";

  @TempDir Path folder;

  private Path weights(String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    return folder.resolve("model.safetensors");
  }

  private String refusal(Architecture wanted, String config) throws IOException {
    Path weights = weights(config);
    ConvoyException refused =
        assertThrows(
            WeightsException.class,
            () -> TimmConfig.of(weights).map(c -> c.checked(wanted)).orElseThrow());
    return String.valueOf(refused.getMessage());
  }

  @Test
  void theRecipeIsTheFiles() throws IOException {
    assertEquals(
        new Preprocessing(
            Preprocessing.Colour.RGB,
            new Fit.ShortSideCrop(248, 224, 224, Filter.BICUBIC),
            0,
            Normalisation.IMAGENET),
        Models.efficientnet(0).recipe(weights(EFFICIENTNET)));
    assertEquals(
        new Fit.Stretch(288, 288, Filter.BILINEAR),
        Models.resnet50()
            .recipe(
                weights(
                    """
                    {"architecture": "resnet50", "input_size": [3, 288, 288], "crop_pct": 1.0, "crop_mode": "squash",
                     "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "interpolation": "bilinear"}"""))
            .fit());
  }

  @Test
  void aPublishedNameOrAnotherProgramsFileCountsForMore() throws IOException {
    Path published = weights(EFFICIENTNET).resolveSibling("resnet50-0676ba61.safetensors");
    assertEquals(
        Preprocessing.imagenet(256, 224, Filter.BILINEAR), Models.resnet50().recipe(published));
    assertTrue(TimmConfig.of(published).isEmpty());
    assertTrue(TimmConfig.of(weights("{\"architectures\": [\"ResNet\"]}")).isEmpty());
    assertTrue(TimmConfig.of(weights("[1, 2]")).isEmpty());
    assertTrue(TimmConfig.of(Path.of("nowhere", "model.safetensors")).isEmpty());
  }

  @Test
  void classesAreTheFilesUnlessSomebodyChoseOthers() throws IOException {
    String two = EFFICIENTNET.replace("\"num_classes\": 1000", "\"num_classes\": 2");
    TimmConfig numbered = TimmConfig.of(weights(two)).orElseThrow();
    Architecture wanted = Models.efficientnet(0);
    assertEquals(List.of("0", "1"), numbered.checked(wanted).labels().names());
    assertEquals(7, numbered.checked(wanted.withClasses(7)).labels().size());
    TimmConfig named =
        TimmConfig.of(weights(two.replaceFirst("\\{", "{\"label_names\": [\"cat\", \"dog\"], ")))
            .orElseThrow();
    assertEquals(List.of("cat", "dog"), named.checked(wanted).labels().names());
    assertEquals(
        Labels.IMAGENET,
        TimmConfig.of(weights(EFFICIENTNET)).orElseThrow().checked(wanted).labels());
    String none = EFFICIENTNET.replace("\"num_classes\": 1000", "\"num_classes\": 0");
    assertEquals(wanted, TimmConfig.of(weights(none)).orElseThrow().checked(wanted), "a backbone");
  }

  @ParameterizedTest
  @CsvSource({
    "resnet50.a1_in1k, resnet50",
    "tv_resnet34, resnet34",
    "ssl_resnext50_32x4d, resnext50_32x4d",
    "resnext101_64x4d.c1_in1k, resnext101_64x4d",
    "mobilenetv1_100, mobilenet_v1_relu6",
    "mobilenetv2_100, mobilenet_v2",
    "mobilenetv3_large_100, mobilenet_v3_large",
    "densenet161, densenet161",
  })
  void timmsNamesAreKnown(String timm, String here) throws IOException {
    Path weights = weights(EFFICIENTNET.replace("efficientnet_b0", timm));
    Architecture wanted = Catalog.find(here);
    assertEquals(wanted, TimmConfig.of(weights).orElseThrow().checked(wanted));
  }

  @Test
  void otherNetworksAreRefusedByName() throws IOException {
    String tensorflow =
        refusal(
            Models.efficientnet(0), EFFICIENTNET.replace("efficientnet_b0", "tf_efficientnet_b0"));
    assertTrue(tensorflow.contains("'tf_efficientnet_b0' came from TensorFlow"), tensorflow);
    String other = refusal(Models.resnet50(), EFFICIENTNET);
    assertTrue(other.contains("is efficientnet_b0 here, not of resnet50"), other);
    String blurred =
        refusal(Models.resnet50(), EFFICIENTNET.replace("efficientnet_b0", "resnetblur50"));
    assertTrue(blurred.contains("'resnetblur50', which is not supported"), blurred);
    assertThrows(WeightsException.class, () -> TimmConfig.of(Path.of("tf_efficientnet_b0_ns.pth")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[3, 224, 224]; [3, 224, 192]; input_size is [3.0, 224.0, 192.0]",
        "[3, 224, 224]; [1, 224, 224]; input_size is",
        "[3, 224, 224]; \"large\"; input_size must be 3 numbers",
        "0.9; 7; crop_pct is 7.0",
        "\"center\"; \"border\"; crop_mode 'border'",
        "bicubic; random; interpolation 'random'",
        "[0.485, 0.456, 0.406]; [0.485, \"x\", 0.406]; mean must be 3 numbers",
        "\"num_classes\": 1000; \"num_classes\": -1; num_classes is -1",
        "\"num_classes\": 1000; \"num_classes\": 1e99; num_classes is 1.0E99",
        "0.9; ; it is not sound JSON",
      })
  void whatCannotBeDoneIsRefused(String from, String to, String message) throws IOException {
    String refused =
        refusal(Models.efficientnet(0), EFFICIENTNET.replace(from, to == null ? "" : to));
    assertTrue(refused.startsWith(folder.resolve("config.json") + ": " + message), refused);
  }
}
