package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RooflineTest {
  private static final Machine MACHINE = new Machine("CPU", "avx2", 2, "VM", "0123abcd", "today");
  private static final LayerRow CONV =
      new LayerRow("a", "conv2d 8 3x3 : 8x8x8", "direct", 1, 0.9, 80, 0.8, 2);
  private static final LayerRow POOL =
      new LayerRow("b", "max-pool2d", "direct", 1, 0.1, Double.NaN, Double.NaN, 20);

  private static Roofline of(LayerRow... layers) {
    Measurement speed = new Measurement(new double[] {30}, new double[] {0.03});
    NetworkRow row = new NetworkRow("net", 1, 2, "native", "fast", speed, List.of(layers));
    return new Roofline(row, MACHINE, 100, List.of(new Bandwidth("L2", 60)));
  }

  @Test
  void isAPicture(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("roofline.png");
    of(CONV, POOL).write(file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(1600, image.getWidth());
    assertTrue(image.getRGB(1, 1) == 0xFFFFFFFF, "the margin is white");
  }

  @Test
  void withoutAProductThereIsNothingToDraw(@TempDir Path folder) {
    BenchException refusal =
        assertThrows(BenchException.class, () -> of(POOL).write(folder.resolve("no.png")));
    assertTrue(refusal.toString().contains("no layer multiplies"), refusal.toString());
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("missing").resolve("roofline.png");
    BenchException refusal = assertThrows(BenchException.class, () -> of(CONV).write(file));
    assertTrue(refusal.toString().contains(file.toString()), refusal.toString());
  }
}
