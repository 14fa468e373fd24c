package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class HeatmapTest {
  private static Image grey(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    java.util.Arrays.fill(pixels, (byte) 100);
    return Image.of(width, height, pixels);
  }

  private static int[] rgb(Image image, int x, int y) {
    return new int[] {image.sample(x, y, 0), image.sample(x, y, 1), image.sample(x, y, 2)};
  }

  @Test
  void isInterpolatedBetweenTheCentresOfItsCells() {
    Heatmap map = new Heatmap(2, 2, new float[] {0, 4, 8, 12});
    assertEquals(0, map.at(0, 0));
    assertEquals(0, map.at(0.25, 0.25));
    assertEquals(2, map.at(0.5, 0.25));
    assertEquals(6, map.at(0.5, 0.5));
    assertEquals(12, map.at(1, 1));
    assertEquals(7, new Heatmap(1, 1, new float[] {7}).at(0.3, 0.9));
  }

  @Test
  void lowIsBlueAndHighIsRed() {
    Heatmap map = new Heatmap(2, 1, new float[] {-1, 1});
    Preprocessing whole =
        new Preprocessing(
            Preprocessing.Colour.RGB,
            new Fit.Stretch(8, 8, Filter.BILINEAR),
            0,
            Normalisation.UNIT);
    Image drawn = map.over(grey(4, 4), whole);
    assertEquals(4, drawn.width());
    // Half the photo's 100, half the colour: dark blue is (0, 0, 128), dark red (128, 0, 0).
    assertArrayEquals(new int[] {50, 50, 114}, rgb(drawn, 0, 0));
    assertArrayEquals(new int[] {114, 50, 50}, rgb(drawn, 3, 3));
  }

  @Test
  void whatTheRecipeCutsOffIsDarkened() {
    // The longer side is cut at both ends: of twelve columns the middle four are seen.
    Preprocessing crop = Preprocessing.imagenet(8, 8, Filter.BILINEAR);
    Image drawn = new Heatmap(1, 1, new float[] {3}).over(grey(12, 4), crop);
    for (int x = 0; x < 12; x++) {
      boolean seen = x >= 4 && x < 8;
      assertArrayEquals(
          seen ? new int[] {50, 50, 114} : new int[] {40, 40, 40}, rgb(drawn, x, 2), "column " + x);
    }
  }

  @Test
  void refusesAWrongCount() {
    assertThrows(ImageException.class, () -> new Heatmap(2, 2, new float[3]));
  }
}
