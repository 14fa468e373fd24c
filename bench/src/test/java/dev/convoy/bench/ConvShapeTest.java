package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.models.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConvShapeTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("convoy.root", ".."), "bench", "shapes");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lenet5",
        "alexnet",
        "vgg16",
        "resnet50",
        "googlenet",
        "inception_v3",
        "mobilenet_v1",
        "mobilenet_v2",
        "efficientnet_b0",
        "densenet121"
      })
  void filesHoldWhatTheNetworksHave(String network) throws IOException {
    assertEquals(
        ShapesCommand.text(Catalog.find(network)),
        Files.readString(FOLDER.resolve(network + ".txt")),
        "./convoy bench shapes %1$s > bench/shapes/%1$s.txt".formatted(network));
  }

  @Test
  void linesAreReadAsTheyAreWritten() {
    for (ConvShape shape : ConvShape.read(FOLDER.resolve("odd.txt"))) {
      assertEquals(shape, ConvShape.parse(shape.line()));
    }
    assertEquals(
        "asymmetric ic8 ih9 iw11 oc24 kh3 kw2 sh2 sw3 ph1 pw0 pb2 pr1",
        ConvShape.parse("asymmetric ic8 ih9 iw11 oc24 kh3 kw2 ph1 pw0 pb2 pr1 sh2 sw3").line());
  }

  @Test
  void aWordThatMeansNothingIsNamed() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> ConvShape.parse("conv1 ic3 zz4"));
    assertTrue(refusal.toString().contains("shape conv1: what is zz4?"), refusal.toString());
  }
}
