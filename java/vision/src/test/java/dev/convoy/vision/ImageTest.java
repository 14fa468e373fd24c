package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {
  @TempDir private Path dir = Path.of("unset");

  @Test
  void isAValue() {
    byte[] rgb = Drawings.noise(3, 2, 8).toBytes();
    Image image = Image.of(3, 2, rgb);
    int before = image.sample(0, 0, 0);
    rgb[0]++;
    image.toBytes()[0]++;
    assertEquals(before, image.sample(0, 0, 0));
    assertEquals(Drawings.noise(3, 2, 8), image);
    assertEquals(Drawings.noise(3, 2, 8).hashCode(), image.hashCode());
    assertNotEquals(Image.of(2, 3, image.toBytes()), image);
    assertThrows(ImageException.class, () -> Image.of(3, 3, rgb));
    assertThrows(IndexOutOfBoundsException.class, () -> image.sample(3, 0, 0));
  }

  @Test
  void survivesAPng() {
    Image image = Drawings.noise(33, 17, 8);
    Path file = dir.resolve("noise.png");
    image.writePng(file);
    assertEquals(image, Image.read(file));
    Drawings.plain(1, 1, 3).writePng(file);
    assertEquals(Drawings.plain(1, 1, 3), Image.read(file));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void takesWhatAwtHas(int type) {
    Image image = Drawings.noise(19, 11, 8);
    BufferedImage awt = new BufferedImage(21, 14, type);
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 19; x++) {
        int rgb = image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2);
        awt.setRGB(x + 1, y + 2, 0xff000000 | rgb);
      }
    }
    assertEquals(image, Image.of(awt.getSubimage(1, 2, 19, 11)));
    assertEquals(image, Image.of(image.toBufferedImage()));
  }

  @Test
  void takesGreyAndPalettesOfAwt() {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(1, 0, 0, 99);
    assertArrayEquals(new byte[] {0, 0, 0, 99, 99, 99}, Image.of(grey).toBytes());
    BufferedImage wide = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    wide.getRaster().setSample(0, 0, 0, 0x1234);
    assertArrayEquals(new byte[] {0x12, 0x12, 0x12}, Image.of(wide).toBytes());
    BufferedImage bits = new BufferedImage(9, 2, BufferedImage.TYPE_BYTE_BINARY);
    bits.getRaster().setSample(8, 1, 0, 1);
    assertEquals(255, Image.of(bits).sample(8, 1, 2));
    assertEquals(255 * 3, Drawings.sum(Image.of(bits)));
  }

  @Test
  void manyThreadsReadTheSamePixels() throws Exception {
    List<String> names = List.of("baseline_420.jpg", "mode_P.png", "bits24.bmp", "cmyk.jpg");
    List<Image> expected = names.stream().map(name -> Image.read(Drawings.resource(name))).toList();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Image>> read = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] file = Drawings.resource(names.get(i % names.size()));
        read.add(
            threads.submit(
                () -> {
                  Thread.currentThread().setContextClassLoader(null);
                  return Image.read(file);
                }));
      }
      for (int i = 0; i < read.size(); i++) {
        assertEquals(expected.get(i % names.size()), read.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }
}
