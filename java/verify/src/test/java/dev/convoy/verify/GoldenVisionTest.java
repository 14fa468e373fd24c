package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** On the photos of the shared data folder, which may not be part of the project. */
class GoldenVisionTest {
  private static Path shared() {
    Path shared = Path.of(System.getProperty("convoy.shared", "absent"));
    assumeTrue(Files.isDirectory(shared), () -> "there is no folder " + shared);
    return shared;
  }

  @Test
  void everyPixelIsAsExpected() {
    Path shared = shared();
    GoldenSuite suite = GoldenSuite.open(shared.resolve("goldens/vision/cases.json"));

    Goldens.check(suite, Subjects.REFERENCE.photos(shared.resolve("data/photos")), 90, 0);
  }

  @Test
  void withoutPhotosNothingCanBeSaid() {
    GoldenSuite suite = GoldenSuite.open(shared().resolve("goldens/vision/cases.json"));

    GoldenReport report = Goldens.check(suite, Subjects.REFERENCE, 0, 90);

    assertEquals(
        "the photo 'dog.jpg': name its folder (--photos)", report.results().get(0).message());
  }
}
