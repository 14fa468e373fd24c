package dev.convoy.cli.predict;

import dev.convoy.vision.Image;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** MNIST's test set as image files named {@code LABEL_INDEX.png}. */
final class MnistFiles {
  private static final int PIXELS = 28 * 28;

  private MnistFiles() {}

  static List<Path> write(Path mnist, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DataInputStream images = open(mnist.resolve("t10k-images-idx3-ubyte.gz"), 16);
        DataInputStream labels = open(mnist.resolve("t10k-labels-idx1-ubyte.gz"), 8)) {
      for (int i = 0; i < 10_000; i++) {
        byte[] grey = images.readNBytes(PIXELS);
        byte[] rgb = new byte[3 * PIXELS];
        for (int p = 0; p < rgb.length; p++) {
          rgb[p] = grey[p / 3];
        }
        Path file = folder.resolve(String.format(Locale.ROOT, "%d_%04d.png", labels.read(), i));
        Image.of(28, 28, rgb).writePng(file);
        files.add(file);
      }
    }
    return files;
  }

  private static DataInputStream open(Path file, int header) throws IOException {
    DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16));
    in.skipNBytes(header);
    return in;
  }
}
