package dev.convoy.vision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A whole image file in memory, and the name that errors give it.
 *
 * @param name the path, or "the image" where there is none
 * @param bytes the file
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, read only
record ImageBytes(String name, byte[] bytes) {
  private static final String UNNAMED = "the image";

  static ImageBytes of(byte[] bytes) {
    return new ImageBytes(UNNAMED, Objects.requireNonNull(bytes, "file"));
  }

  static ImageBytes of(Path file, ReadOptions options) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new ImageException(name + ": is a directory, not an image; name a file in it");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ImageException(
          name + ": is not a regular file; read a pipe or device as an InputStream");
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return read(name, stream, options);
    } catch (NoSuchFileException e) {
      throw new ImageException(
          name + ": no such file (looked in " + file.toAbsolutePath().getParent() + ")", e);
    } catch (AccessDeniedException e) {
      throw new ImageException(name + ": may not be read; check its permissions", e);
    } catch (IOException e) {
      throw new ImageException(name + ": cannot be read: " + e, e);
    }
  }

  static ImageBytes of(InputStream stream, ReadOptions options) {
    try {
      return read(UNNAMED, stream, options);
    } catch (IOException e) {
      throw new ImageException(UNNAMED + ": cannot be read from its stream: " + e, e);
    }
  }

  private static ImageBytes read(String name, InputStream stream, ReadOptions options)
      throws IOException {
    int limit = (int) Math.min(options.maxBytes(), Integer.MAX_VALUE - 9);
    byte[] bytes = stream.readNBytes(limit);
    if (bytes.length == limit && stream.read() >= 0) {
      throw new ImageException(
          name + ": is larger than " + limit + " bytes; ReadOptions.withMaxBytes allows more");
    }
    return new ImageBytes(name, bytes);
  }

  /** An error about this image. */
  ImageException error(String problem) {
    return new ImageException(name + ": " + problem);
  }

  ImageException error(String problem, Throwable cause) {
    return new ImageException(name + ": " + problem, cause);
  }

  int length() {
    return bytes.length;
  }

  /** True if these bytes (as ISO-8859-1) stand at {@code offset}. */
  boolean has(int offset, String text) {
    if (offset < 0 || offset > bytes.length - text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((bytes[offset + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The byte at {@code offset}, or an error that says where the file ends. */
  int u8(int offset) {
    if (offset < 0 || offset >= bytes.length) {
      throw error(
          "is truncated: its %d bytes end inside the header; copy or download it again"
              .formatted(bytes.length));
    }
    return bytes[offset] & 0xff;
  }

  int u16Big(int offset) {
    return u8(offset) << 8 | u8(offset + 1);
  }

  int i32Big(int offset) {
    return u16Big(offset) << 16 | u16Big(offset + 2);
  }

  int u16Little(int offset) {
    return u8(offset) | u8(offset + 1) << 8;
  }

  int i32Little(int offset) {
    return u16Little(offset) | u16Little(offset + 2) << 16;
  }

  /** Refuses dimensions from a header before anything of their size is allocated. */
  void checkDimensions(long width, long height, ReadOptions options) {
    if (width < 1 || height < 1) {
      throw error("its header says %dx%d pixels; the file is broken".formatted(width, height));
    }
    long limit = Math.min(options.maxPixels(), Size.MAX_PIXELS);
    if (width > limit || height > limit || width * height > limit) {
      throw error(
          "its header says %dx%d pixels, the limit is %d; ReadOptions.withMaxPixels allows up to %d"
              .formatted(width, height, limit, Size.MAX_PIXELS));
    }
  }

  /** {@code 47 49 46 38 "GIF8"}: the first bytes, for a person. */
  String firstBytes() {
    StringBuilder hex = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(8, bytes.length); i++) {
      int b = bytes[i] & 0xff;
      hex.append("%02x ".formatted(b));
      text.append(b >= 32 && b < 127 ? (char) b : '.');
    }
    return hex + "\"" + text + "\"";
  }
}
