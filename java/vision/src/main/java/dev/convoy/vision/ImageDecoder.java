package dev.convoy.vision;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Objects;
import javax.imageio.ImageReader;

/** Tells formats apart by their first bytes, checks the header, decodes. */
final class ImageDecoder {
  static final String JPEG_SIGNATURE = "\u00ff\u00d8\u00ff";
  static final String PNG_SIGNATURE = "\u0089PNG\r\n\u001a\n";
  static final String BMP_SIGNATURE = "BM";

  private ImageDecoder() {}

  static Image decode(ImageBytes file, ReadOptions options) {
    Objects.requireNonNull(options, "options"); // its absence is no damage
    try {
      if (file.has(0, JPEG_SIGNATURE)) {
        JpegHeader header = JpegHeader.parse(file);
        file.checkDimensions(header.width(), header.height(), options);
        return upright(JpegDecoder.decode(file, header), header.orientation(), options);
      }
      if (file.has(0, PNG_SIGNATURE)) {
        PngHeader header = PngHeader.parse(file);
        file.checkDimensions(header.width(), header.height(), options);
        BufferedImage image = read(Codecs.png(file.bytes()));
        return upright(
            RasterPixels.toImage(image, header.clipsGrey()), header.orientation(), options);
      }
      if (file.has(0, BMP_SIGNATURE)) {
        BmpHeader header = BmpHeader.parse(file);
        file.checkDimensions(header.width(), header.height(), options);
        header.checkComplete(file);
        return RasterPixels.toImage(read(Codecs.bmp(file.bytes())), false);
      }
    } catch (ImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's readers meet broken files with exceptions of every kind.
      String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw file.error("is damaged (" + what + "); copy, download or save it again", e);
    }
    if (file.length() == 0) {
      throw file.error("is empty; copy or download it again");
    }
    throw file.error(
        "starts with bytes "
            + file.firstBytes()
            + ", not a JPEG, PNG or BMP; convert it to one of these");
  }

  private static BufferedImage read(ImageReader reader) throws IOException {
    try {
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static Image upright(Image image, int orientation, ReadOptions options) {
    return options.applyOrientation() ? Orientation.apply(image, orientation) : image;
  }
}
