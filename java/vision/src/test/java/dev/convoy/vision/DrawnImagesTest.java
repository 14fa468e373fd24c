package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Small drawn images in every kind of file, and drawings resized by every filter, against Pillow:
 * what the photos of {@link PillowGoldenTest} show, without any file from outside.
 */
class DrawnImagesTest {
  @ParameterizedTest
  @CsvFileSource(resources = "drawn.txt", delimiter = ' ')
  void decodesAsPillow(String file, int width, int height, String crc) {
    Image image = Image.read(Drawings.resource(file));
    assertEquals(width, image.width());
    assertEquals(height, image.height());
    assertEquals(crc, crc(image));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "resized.txt", delimiter = ' ')
  void resizesAsPillow(String drawing, Filter filter, int width, int height, String crc) {
    Image image = drawing.equals("noise") ? Drawings.noise(97, 61, 5) : Drawings.gradient(97, 61);
    assertEquals(crc, crc(image.resize(width, height, filter)));
  }

  @Test
  void orientationCanBeSwitchedOff() {
    byte[] turned = Drawings.resource("exif6.jpg");
    Image stored = Image.read(turned, ReadOptions.DEFAULT.withoutOrientation());
    assertEquals(Image.read(Drawings.resource("exif1.jpg")), stored);
    assertEquals(stored.width(), Image.read(turned).height());
  }

  private static String crc(Image image) {
    CRC32 crc = new CRC32();
    crc.update(image.toBytes());
    return "%08x".formatted(crc.getValue());
  }
}
