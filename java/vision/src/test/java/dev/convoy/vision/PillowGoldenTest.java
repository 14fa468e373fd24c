package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.tensor.Tensor;
import dev.convoy.vision.PillowGoldens.Case;
import dev.convoy.vision.PillowGoldens.Photo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every pixel of every golden image that Pillow 9.4 and torchvision computed of real photos. */
class PillowGoldenTest {
  private static final Path SHARED = Path.of(System.getProperty("convoy.shared", "shared"));
  private static final Path PHOTOS = SHARED.resolve("data/photos");
  private static final Path GOLDENS = SHARED.resolve("goldens/vision");

  @BeforeAll
  static void goldensArePresent() {
    assumeTrue(Files.isDirectory(GOLDENS), "no golden images at " + GOLDENS);
  }

  private static Stream<Photo> photos() {
    return PillowGoldens.read(GOLDENS.resolve("cases.json")).stream();
  }

  @TestFactory
  Stream<DynamicTest> decodesAsPillow() {
    return photos()
        .map(
            photo ->
                DynamicTest.dynamicTest(
                    photo.name(),
                    () -> {
                      Image image = Image.read(PHOTOS.resolve(photo.name()));
                      assertEquals(photo.sizeWh(), List.of(image.width(), image.height()));
                      assertEquals(photo.decodedSum(), Drawings.sum(image));
                      for (List<Integer> sample : photo.samples()) {
                        for (int c = 0; c < 3; c++) {
                          assertEquals(
                              sample.get(2 + c),
                              image.sample(sample.get(1), sample.get(0), c),
                              () -> "row, column, r, g, b: " + sample);
                        }
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> resizesAsPillow() {
    return photos()
        .flatMap(
            photo ->
                photo.cases().stream()
                    .map(c -> DynamicTest.dynamicTest(c.png(), () -> check(photo, c))));
  }

  private static void check(Photo photo, Case golden) {
    Image image = Image.read(PHOTOS.resolve(photo.name()));
    Image fitted = image.fit(golden.fit());
    Image expected = Image.read(GOLDENS.resolve(golden.png()));
    assertEquals(0, Drawings.worstDifference(expected, fitted));
    assertEquals(golden.sum(), Drawings.sum(fitted));
    if (golden.normalised() != null) {
      Fit.ShortSideCrop fit = (Fit.ShortSideCrop) golden.fit();
      Tensor tensor =
          Preprocessing.imagenet(fit.shortSide(), fit.width(), fit.filter()).apply(image);
      float[] values = tensor.values();
      for (int i = 0; i < 8; i++) {
        assertEquals(golden.normalised().first().get(i).floatValue(), values[i]);
      }
      double mean = 0;
      for (float v : values) {
        mean += v;
      }
      mean /= values.length;
      double square = 0;
      for (float v : values) {
        square += (v - mean) * (v - mean);
      }
      assertEquals(golden.normalised().mean(), mean, 1e-6);
      assertTrue(
          Math.abs(golden.normalised().std() - Math.sqrt(square / values.length)) < 1e-5,
          "standard deviation");
    }
  }
}
