package dev.convoy.vision;

import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;

/** Samples of AWT's rasters, in bulk, as RGB. Alpha is dropped. */
final class RasterPixels {
  private RasterPixels() {}

  /**
   * @param clipWide samples of 16 bits are clipped at 255 instead of losing their low byte
   */
  static Image toImage(BufferedImage image, boolean clipWide) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[width * height * 3];
    Raster raster = image.getRaster();
    ColorModel colours = image.getColorModel();
    if (colours instanceof IndexColorModel palette) {
      indexed(raster, palette, rgb);
    } else if (raster.getSampleModel() instanceof SinglePixelPackedSampleModel model) {
      packed(raster, model, rgb);
    } else if (raster.getSampleModel() instanceof ComponentSampleModel model
        && isPlain(colours)
        && raster.getDataBuffer() instanceof DataBufferByte) {
      bytes(raster, model, rgb);
    } else if (raster.getSampleModel() instanceof ComponentSampleModel
        && isPlain(colours)
        && raster.getTransferType() == DataBuffer.TYPE_USHORT) {
      wide(raster, clipWide, rgb);
    } else {
      return toImage(drawn(image), false);
    }
    return new Image(width, height, rgb);
  }

  /** Grey or RGB samples that mean what they say. */
  private static boolean isPlain(ColorModel colours) {
    return !colours.isAlphaPremultiplied()
        && (colours.getNumColorComponents() == 1
            || (colours.getNumColorComponents() == 3 && colours.getColorSpace().isCS_sRGB()));
  }

  private static void indexed(Raster raster, IndexColorModel palette, byte[] rgb) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int[] row = new int[raster.getWidth()];
    int p = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
      for (int index : row) {
        // Pillow's palettes go on in black where a file's ends.
        int colour = index < colours.length ? colours[index] : 0;
        rgb[p++] = (byte) (colour >> 16);
        rgb[p++] = (byte) (colour >> 8);
        rgb[p++] = (byte) colour;
      }
    }
  }

  private static void packed(Raster raster, SinglePixelPackedSampleModel model, byte[] rgb) {
    int bands = model.getNumBands();
    int[] max = new int[bands];
    for (int b = 0; b < bands; b++) {
      max[b] = (1 << model.getSampleSize(b)) - 1;
    }
    int[] row = new int[raster.getWidth() * bands];
    int p = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
      for (int q = 0; q < row.length; q += bands) {
        for (int c = 0; c < 3; c++) {
          int band = bands < 3 ? 0 : c;
          rgb[p++] = (byte) (row[q + band] * 255 / Math.max(1, max[band]));
        }
      }
    }
  }

  private static void bytes(Raster raster, ComponentSampleModel model, byte[] rgb) {
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    int x0 = raster.getMinX() - raster.getSampleModelTranslateX();
    int y0 = raster.getMinY() - raster.getSampleModelTranslateY();
    int step = model.getPixelStride();
    for (int c = 0; c < 3; c++) {
      int band = model.getNumBands() < 3 ? 0 : c;
      int bank = model.getBankIndices()[band];
      byte[] data = buffer.getData(bank);
      int p = c;
      for (int y = 0; y < raster.getHeight(); y++) {
        int q = model.getOffset(x0, y0 + y, band) + buffer.getOffsets()[bank];
        for (int x = 0; x < raster.getWidth(); x++, p += 3, q += step) {
          rgb[p] = data[q];
        }
      }
    }
  }

  private static void wide(Raster raster, boolean clip, byte[] rgb) {
    int bands = raster.getNumBands();
    int[] row = new int[raster.getWidth() * bands];
    int p = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
      for (int q = 0; q < row.length; q += bands) {
        for (int c = 0; c < 3; c++) {
          int sample = row[q + (bands < 3 ? 0 : c)];
          rgb[p++] = (byte) (clip ? Math.min(255, sample) : sample >> 8);
        }
      }
    }
  }

  /** Rare kinds of images (premultiplied, other colour spaces) through AWT's own conversion. */
  private static BufferedImage drawn(BufferedImage image) {
    BufferedImage plain =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = plain.createGraphics();
    graphics.setComposite(AlphaComposite.Src);
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return plain;
  }
}
