package dev.convoy.vision;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/** Images that the tests draw themselves, and measures of images. */
final class Drawings {
  private Drawings() {}

  /** Colour ramps: red grows to the right, green downwards, blue along the diagonal. */
  static Image gradient(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    int p = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        rgb[p++] = (byte) (x * 255 / Math.max(1, width - 1));
        rgb[p++] = (byte) (y * 255 / Math.max(1, height - 1));
        rgb[p++] = (byte) (x + 3 * y);
      }
    }
    return Image.of(width, height, rgb);
  }

  static Image noise(int width, int height, long seed) {
    byte[] rgb = new byte[width * height * 3];
    new Random(seed).nextBytes(rgb);
    return Image.of(width, height, rgb);
  }

  static Image plain(int width, int height, int value) {
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) value);
    return Image.of(width, height, rgb);
  }

  /** A file from {@code drawn/}. */
  static byte[] resource(String name) {
    try (InputStream in = Drawings.class.getResourceAsStream("drawn/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long sum(Image image) {
    long sum = 0;
    for (byte sample : image.toBytes()) {
      sum += sample & 0xff;
    }
    return sum;
  }

  /** The largest difference of two samples; 256 for images of different sizes. */
  static int worstDifference(Image a, Image b) {
    if (a.width() != b.width() || a.height() != b.height()) {
      return 256;
    }
    byte[] left = a.toBytes();
    byte[] right = b.toBytes();
    int worst = 0;
    for (int i = 0; i < left.length; i++) {
      worst = Math.max(worst, Math.abs((left[i] & 0xff) - (right[i] & 0xff)));
    }
    return worst;
  }
}
