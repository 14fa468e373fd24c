package dev.convoy.vision;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * JPEG to RGB as libjpeg-turbo and Pillow do it.
 *
 * <p>The JDK's reader (libjpeg) only gives the samples of the components at full size; colour is
 * converted here. That keeps colour profiles, which Pillow ignores, and the JDK's guesses at the
 * colour space out of the pixels, and needs no second image.
 */
final class JpegDecoder {
  private JpegDecoder() {}

  static Image decode(ImageBytes file, JpegHeader header) throws IOException {
    Raster raster = read(file, header);
    if (raster.getWidth() != header.width()
        || raster.getHeight() != header.height()
        || raster.getNumBands() != header.components()
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || buffer.getData().length != header.width() * header.height() * header.components()) {
      throw file.error("is damaged: its frame is not the one of its header");
    }
    byte[] samples = buffer.getData();
    for (int c = 0; c < header.components(); c++) {
      if (header.tallChroma()[c]) {
        smoothRowPairs(samples, header, c);
      }
    }
    byte[] rgb =
        switch (header.components()) {
          case 1 -> grey(samples);
          case 3 -> samples;
          default -> fromCmyk(samples, header.luminanceChrominance());
        };
    if (header.components() == 3 && header.luminanceChrominance()) {
      fromYcc(rgb, 3);
    }
    return new Image(header.width(), header.height(), rgb);
  }

  /** The raw components at full size, interleaved. */
  private static Raster read(ImageBytes file, JpegHeader header) throws IOException {
    if (!header.ended()) {
      // libjpeg would make up the rest in grey, with a warning.
      throw file.error(
          "is truncated: its %d bytes end before the image does; copy or download it again"
              .formatted(file.length()));
    }
    ImageReader reader = Codecs.jpeg(file.bytes());
    try {
      return reader.readRaster(0, null);
    } finally {
      reader.dispose();
    }
  }

  /**
   * 4:4:0 (a 4:2:2 photo turned losslessly): libjpeg, which most JDKs bundle, repeats each chroma
   * row; libjpeg-turbo, which some distributions link instead, interpolates with a triangle, three
   * parts of the row and one of the nearer neighbour. What is repeated is interpolated here.
   */
  private static void smoothRowPairs(byte[] samples, JpegHeader header, int component) {
    int width = header.width();
    int stride = width * header.components();
    int rows = (header.height() + 1) / 2;
    byte[] chroma = new byte[rows * width];
    for (int y = 0; y < rows; y++) {
      boolean pair = 2 * y + 1 < header.height();
      for (int x = 0, p = 2 * y * stride + component; x < width; x++, p += header.components()) {
        if (pair && samples[p] != samples[p + stride]) {
          return;
        }
        chroma[y * width + x] = samples[p];
      }
    }
    for (int y = 0; y < header.height(); y++) {
      int near = y / 2;
      boolean upper = y % 2 == 0;
      int far = upper ? Math.max(0, near - 1) : Math.min(rows - 1, near + 1);
      int bias = upper ? 1 : 2;
      for (int x = 0, p = y * stride + component; x < width; x++, p += header.components()) {
        int sum = (chroma[near * width + x] & 0xff) * 3 + (chroma[far * width + x] & 0xff) + bias;
        samples[p] = (byte) (sum >> 2);
      }
    }
  }

  private static byte[] grey(byte[] samples) {
    byte[] rgb = new byte[samples.length * 3];
    for (int i = 0, p = 0; i < samples.length; i++, p += 3) {
      rgb[p] = rgb[p + 1] = rgb[p + 2] = samples[i];
    }
    return rgb;
  }

  /** JFIF's YCbCr to RGB in place, in libjpeg's 16-bit fixed point. */
  private static void fromYcc(byte[] samples, int stride) {
    for (int p = 0; p < samples.length; p += stride) {
      int y = samples[p] & 0xff;
      int cb = (samples[p + 1] & 0xff) - 128;
      int cr = (samples[p + 2] & 0xff) - 128;
      samples[p] = clip(y + ((91881 * cr + 32768) >> 16));
      samples[p + 1] = clip(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
      samples[p + 2] = clip(y + ((116130 * cb + 32768) >> 16));
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /**
   * Adobe's inverted CMYK, or YCCK (the same with C, M, Y as YCbCr of their complement), with
   * Pillow's plain product of inks.
   */
  private static byte[] fromCmyk(byte[] samples, boolean ycck) {
    if (ycck) {
      fromYcc(samples, 4);
    }
    byte[] rgb = new byte[samples.length / 4 * 3];
    for (int p = 0, q = 0; p < samples.length; p += 4, q += 3) {
      int light = samples[p + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int stored = samples[p + c] & 0xff;
        // libjpeg makes CMYK of YCCK as 255 minus RGB, and Pillow inverts all inks once more.
        int ink = ycck ? stored : 255 - stored;
        int product = ink * light + 128;
        rgb[q + c] = clip(light - ((product + (product >> 8)) >> 8));
      }
    }
    return rgb;
  }
}
