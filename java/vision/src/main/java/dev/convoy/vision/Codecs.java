package dev.convoy.vision;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageReaderWriterSpi;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's own image codecs, found once and by name.
 *
 * <p>ImageIO's registry may hold other readers for the same formats, may be changed at any time,
 * and differs between class loaders and application contexts; the pixels of an image must not
 * depend on that. Streams are kept in memory: no cache file is ever written.
 */
final class Codecs {
  private static final @Nullable ImageReaderSpi JPEG =
      find(ImageReaderSpi.class, "jpeg", "com.sun.imageio.plugins.jpeg.");
  private static final @Nullable ImageReaderSpi PNG =
      find(ImageReaderSpi.class, "png", "com.sun.imageio.plugins.png.");
  private static final @Nullable ImageReaderSpi BMP =
      find(ImageReaderSpi.class, "bmp", "com.sun.imageio.plugins.bmp.");
  private static final @Nullable ImageWriterSpi PNG_WRITER =
      find(ImageWriterSpi.class, "png", "com.sun.imageio.plugins.png.");

  private Codecs() {}

  /** A fresh reader, at the start of the bytes; metadata is skipped. The caller disposes of it. */
  static ImageReader jpeg(byte[] file) throws IOException {
    return reader(JPEG, "JPEG", file);
  }

  static ImageReader png(byte[] file) throws IOException {
    return reader(PNG, "PNG", file);
  }

  static ImageReader bmp(byte[] file) throws IOException {
    return reader(BMP, "BMP", file);
  }

  /** The image as a PNG file. */
  static byte[] png(BufferedImage image) throws IOException {
    ImageWriter writer = present(PNG_WRITER, "PNG writer").createWriterInstance();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(stream);
      writer.write(image);
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }

  private static ImageReader reader(@Nullable ImageReaderSpi spi, String format, byte[] file)
      throws IOException {
    ImageReader reader = present(spi, format + " reader").createReaderInstance();
    reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), true, true);
    return reader;
  }

  private static <T> T present(@Nullable T spi, String what) {
    if (spi == null) {
      throw new ImageException(
          "this Java runtime has no "
              + what
              + " in its ImageIO registry; use one that contains the module java.desktop, and do"
              + " not deregister its codecs");
    }
    return spi;
  }

  /** The provider from the JDK's package, or else the first one for the format. */
  private static <T extends ImageReaderWriterSpi> @Nullable T find(
      Class<T> kind, String format, String jdkPackage) {
    T other = null;
    Iterator<T> all = IIORegistry.getDefaultInstance().getServiceProviders(kind, true);
    while (all.hasNext()) {
      T spi = all.next();
      if (spi.getClass().getName().startsWith(jdkPackage)) {
        return spi;
      }
      if (other == null && List.of(spi.getFormatNames()).contains(format)) {
        other = spi;
      }
    }
    return other;
  }
}
