package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Resizing against the definition in plain doubles, and its laws on sizes of every kind. */
class ResizeTest {
  @ParameterizedTest
  @EnumSource(
      value = Filter.class,
      names = {"NEAREST", "BOX"}, // a box ends in a step, where rounding decides: see resized.txt
      mode = EnumSource.Mode.EXCLUDE)
  void staysWithinOneOfTheDefinition(Filter filter) {
    for (Image image : new Image[] {Drawings.gradient(83, 59), Drawings.noise(41, 67, 9)}) {
      for (int[] size : new int[][] {{20, 15}, {83, 30}, {41, 90}, {120, 67}, {7, 200}}) {
        Image expected = naive(image, size[0], size[1], filter);
        int worst = Drawings.worstDifference(expected, image.resize(size[0], size[1], filter));
        assertTrue(worst <= 1, () -> filter + " to " + size[0] + "x" + size[1] + ": " + worst);
      }
    }
  }

  @Test
  void nearestTakesThePixelUnderTheCentre() {
    Image image = Drawings.noise(10, 6, 1);
    Image small = image.resize(5, 2, Filter.NEAREST);
    assertEquals(image.sample(3, 1, 0), small.sample(1, 0, 0));
    assertEquals(image.sample(9, 4, 2), small.sample(4, 1, 2));
  }

  @Property(tries = 300)
  void plainImagesStayPlain(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll @IntRange(min = 1, max = 90) int newWidth,
      @ForAll @IntRange(min = 1, max = 90) int newHeight,
      @ForAll @IntRange(min = 0, max = 255) int value,
      @ForAll Filter filter) {
    Image resized = Drawings.plain(width, height, value).resize(newWidth, newHeight, filter);
    assertEquals(Drawings.plain(newWidth, newHeight, value), resized);
  }

  @Property(tries = 200)
  void aFitEqualsItsParts(
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 50) int side,
      @ForAll @IntRange(min = 1, max = 70) int cropWidth,
      @ForAll @IntRange(min = 1, max = 70) int cropHeight,
      @ForAll Filter filter) {
    Image image = Drawings.noise(width, height, 31L * width + height);
    assertEquals(
        image.resizeShort(side, filter).centerCrop(cropWidth, cropHeight),
        image.fit(new Fit.ShortSideCrop(side, cropWidth, cropHeight, filter)));
  }

  @Property(tries = 200)
  void letterboxShowsTheWholeImageOnItsGround(
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 64) int boxWidth,
      @ForAll @IntRange(min = 1, max = 64) int boxHeight) {
    Image box = Drawings.plain(width, height, 7).letterbox(boxWidth, boxHeight);
    double ratio = Math.min((double) boxWidth / width, (double) boxHeight / height);
    long shown =
        Math.max(1, (long) Math.rint(width * ratio))
            * Math.max(1, (long) Math.rint(height * ratio));
    assertEquals((shown * 7 + ((long) boxWidth * boxHeight - shown) * 114) * 3, Drawings.sum(box));
  }

  @Test
  void keepsTorchvisionsRuleForTheLongSide() {
    Image wide = Drawings.plain(773, 512, 0).resizeShort(256, Filter.NEAREST);
    assertEquals(386, wide.width()); // 386.5 is cut, not rounded
    assertEquals(256, wide.height());
    assertEquals(299, Drawings.plain(512, 599, 0).resizeShort(256, Filter.BOX).height());
  }

  @Test
  void cropsFromHalfTheSurplusRoundedToEven() {
    Image image = Drawings.noise(9, 11, 2);
    Image crop = image.centerCrop(4, 4); // 2.5 and 3.5 are surplus: from 2 and from 4
    assertEquals(image.sample(2, 4, 0), crop.sample(0, 0, 0));
  }

  @Test
  void padsWhatACropCannotFillWithTheOddPixelBehind() {
    Image crop = Drawings.plain(2, 9, 200).centerCrop(5, 3);
    assertEquals(0, crop.sample(0, 0, 0));
    assertEquals(200, crop.sample(1, 0, 0));
    assertEquals(200, crop.sample(2, 2, 2));
    assertEquals(0, crop.sample(3, 0, 0));
    assertEquals(0, crop.sample(4, 1, 1));
  }

  @Test
  void refusesSizesThatNoArrayHolds() {
    Image image = Drawings.plain(2, 2, 0);
    assertThrows(ImageException.class, () -> image.resize(0, 4, Filter.BOX));
    assertThrows(ImageException.class, () -> image.resize(100_000, 100_000, Filter.BOX));
    assertThrows(ImageException.class, () -> image.resize(1, -1, Filter.NEAREST));
    Image line = Drawings.plain(100_000, 1, 0);
    ImageException e =
        assertThrows(ImageException.class, () -> line.resizeShort(20_000, Filter.BILINEAR));
    assertTrue(e.toString().contains("too many pixels"), e.toString());
    assertThrows(ImageException.class, () -> new Fit.Letterbox(3, 3, 256, Filter.BOX));
  }

  /** Both passes as sums of doubles, rounded between them as the definition says. */
  private static Image naive(Image image, int width, int height, Filter filter) {
    double[][] across = weights(filter, image.width(), width);
    double[][] down = weights(filter, image.height(), height);
    double[][][] wide = new double[image.height()][width][3];
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          double sum = 0;
          for (int i = 0; i < image.width(); i++) {
            sum += across[x][i] * image.sample(i, y, c);
          }
          wide[y][x][c] = Math.max(0, Math.min(255, Math.floor(sum + 0.5)));
        }
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          double sum = 0;
          for (int i = 0; i < image.height(); i++) {
            sum += down[y][i] * wide[i][x][c];
          }
          rgb[(y * width + x) * 3 + c] = (byte) Math.max(0, Math.min(255, Math.floor(sum + 0.5)));
        }
      }
    }
    return Image.of(width, height, rgb);
  }

  private static double[][] weights(Filter filter, int in, int out) {
    double[][] weights = new double[out][in];
    double scale = (double) in / out;
    double stretch = Math.max(1, scale);
    for (int o = 0; o < out; o++) {
      if (in == out) {
        weights[o][o] = 1;
        continue;
      }
      double sum = 0;
      for (int i = 0; i < in; i++) {
        weights[o][i] = kernel(filter, ((i + 0.5) - (o + 0.5) * scale) / stretch);
        sum += weights[o][i];
      }
      for (int i = 0; i < in; i++) {
        weights[o][i] /= sum;
      }
    }
    return weights;
  }

  /** The filters once more, from their textbook definitions. */
  private static double kernel(Filter filter, double t) {
    double x = Math.abs(t);
    double pi = Math.PI * x;
    double sinc = x == 0 ? 1 : Math.sin(pi) / pi;
    return switch (filter) {
      case NEAREST, BOX -> throw new IllegalArgumentException(filter + " is not smooth");
      case BILINEAR -> x < 1 ? 1 - x : 0;
      case HAMMING -> x < 1 ? sinc * (0.54 + 0.46 * Math.cos(pi)) : 0;
      case BICUBIC ->
          x < 1
              ? 1.5 * x * x * x - 2.5 * x * x + 1
              : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
      case LANCZOS -> x < 3 ? (x == 0 ? 1 : sinc * Math.sin(pi / 3) / (pi / 3)) : 0;
    };
  }
}
