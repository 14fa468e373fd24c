package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken, hostile and absent files: always an {@link ImageException} that says what to do. */
class BadImagesTest {
  @TempDir private Path dir = Path.of("unset");

  @Test
  void namesTheFileWhatWasFoundAndTheCure() throws IOException {
    Path fake = dir.resolve("cat.jpg");
    Files.writeString(fake, "GIF89a, in truth");
    refused(() -> Image.read(fake), "cat.jpg", "47 49 46 38", "GIF89a", "convert it");
    refused(() -> Image.read(dir.resolve("none.png")), "none.png", "no such file");
    refused(() -> Image.read(dir), "is a directory");
    Path empty = Files.createFile(dir.resolve("empty.bmp"));
    refused(() -> Image.read(empty), "empty.bmp", "is empty");
    Path secret = dir.resolve("secret.png");
    Files.write(secret, Drawings.resource("mode_RGB.png"));
    if (secret.toFile().setReadable(false) && !Files.isReadable(secret)) {
      refused(() -> Image.read(secret), "secret.png", "permissions");
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullIsNoDamagedImage() {
    byte[] png = Drawings.resource("mode_RGB.png");
    assertThrows(NullPointerException.class, () -> Image.read((byte[]) null));
    assertThrows(NullPointerException.class, () -> Image.read((Path) null));
    assertThrows(NullPointerException.class, () -> Image.read((InputStream) null));
    assertThrows(NullPointerException.class, () -> Image.read(png, null));
  }

  @Test
  void refusesDevices() {
    Path endless = Path.of("/dev/zero");
    assumeTrue(Files.exists(endless), "no /dev/zero here");
    refused(() -> Image.read(endless), "not a regular file");
  }

  @Test
  void checksHeadersBeforeAnythingOfTheirSizeIsAllocated() {
    byte[] png = Drawings.resource("mode_RGB.png");
    Arrays.fill(png, 16, 24, (byte) 0x7f);
    refused(() -> Image.read(png), "2139062143x2139062143", "withMaxPixels");
    byte[] jpeg = Drawings.resource("baseline_420.jpg");
    int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xff);
    refused(() -> Image.read(jpeg), "65535x65535", "withMaxPixels");
    byte[] bmp = Drawings.resource("bits24.bmp");
    Arrays.fill(bmp, 18, 21, (byte) 0xff);
    refused(() -> Image.read(bmp), "16777215x21", "withMaxPixels");
    refused(
        () -> Image.read(jpeg, ReadOptions.DEFAULT.withMaxPixels(Long.MAX_VALUE)), "65535x65535");
  }

  @Test
  void limitsAreTheCallers() {
    byte[] small = Drawings.resource("mode_RGB.png"); // 61x45
    refused(() -> Image.read(small, ReadOptions.DEFAULT.withMaxPixels(2744)), "61x45", "2744");
    assertEquals(61, Image.read(small, ReadOptions.DEFAULT.withMaxPixels(2745)).width());
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0xff;
          }
        };
    refused(
        () -> Image.read(endless, ReadOptions.DEFAULT.withMaxBytes(10_000)),
        "10000",
        "withMaxBytes");
    assertEquals(61, Image.read(new ByteArrayInputStream(small)).width());
    assertThrows(ImageException.class, () -> ReadOptions.DEFAULT.withMaxPixels(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline_420.jpg",
        "progressive_444.jpg",
        "cmyk.jpg",
        "grey.jpg",
        "mode_RGB.png",
        "palette16.png",
        "interlaced.png",
        "bits24.bmp",
        "bits8.bmp",
        "rle8.bmp",
        "rle4.bmp"
      })
  void everyTruncationIsRefused(String name) {
    byte[] whole = Drawings.resource(name);
    // A PNG has all its pixels before its last chunks: the checksum of the data and IEND.
    int end = whole.length - (name.endsWith(".png") ? 20 : name.startsWith("rle") ? 2 : 0);
    for (int length = 0; length < end; length += 1 + length / 40) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(ImageException.class, () -> Image.read(part), () -> name + " " + part.length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline_420.jpg", "progressive_420.jpg", "ycck.jpg", "restart.jpg", "exif6.jpg",
        "mode_RGB.png", "palette_short.png", "interlaced.png", "bits16_type6.png", "exif8.png",
        "bits24.bmp", "bits4.bmp", "rle8.bmp", "fields565.bmp"
      })
  void mutationsNeverEscapeAsAnythingElse(String name) {
    byte[] whole = Drawings.resource(name);
    Random random = new Random(name.hashCode());
    ReadOptions limited = ReadOptions.DEFAULT.withMaxPixels(1 << 18);
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      byte[] bytes = whole.clone();
      int changes = 1 + random.nextInt(8);
      for (int i = 0; i < changes; i++) {
        // Half of the damage goes where the headers are.
        int range = random.nextBoolean() ? Math.min(200, bytes.length) : bytes.length;
        bytes[random.nextInt(range)] = (byte) random.nextInt(256);
      }
      try {
        Image image = Image.read(bytes, limited);
        assertTrue((long) image.width() * image.height() <= 1 << 18);
      } catch (ImageException e) {
        refused++;
        assertTrue(e.toString().contains(": the image: "), e.toString());
      }
    }
    assertTrue(refused > 20, "of 400 damaged files only " + refused + " were refused");
  }

  @Test
  void scansWithoutEndAreRefused() {
    byte[] jpeg = Drawings.resource("progressive_420.jpg");
    String text = new String(jpeg, StandardCharsets.ISO_8859_1);
    int scan = text.lastIndexOf("\u00ff\u00da");
    String last = text.substring(scan, text.length() - 2);
    byte[] bomb =
        (text.substring(0, scan) + last.repeat(600) + "\u00ff\u00d9")
            .getBytes(StandardCharsets.ISO_8859_1);
    refused(() -> Image.read(bomb), "500 scans");
  }

  @Test
  void truncatedAndFakePhotosAreRefused() {
    Path photos = Path.of(System.getProperty("convoy.shared", "shared"), "data", "photos");
    assumeTrue(Files.isDirectory(photos), "no photos at " + photos);
    refused(() -> Image.read(photos.resolve("truncated.jpg")), "truncated.jpg", "is truncated");
    refused(() -> Image.read(photos.resolve("not_an_image.jpg")), "not a JPEG, PNG or BMP");
  }

  @Test
  void unwritablePlacesAreNamed() {
    assumeFalse(Files.exists(dir.resolve("no")), "the folder exists");
    Path file = dir.resolve("no").resolve("where.png");
    refused(() -> Drawings.plain(2, 2, 1).writePng(file), "where.png", "cannot be written");
  }

  private static void refused(Runnable read, String... words) {
    String message = assertThrows(ImageException.class, read::run).toString();
    for (String word : words) {
      assertTrue(message.contains(word), () -> "\"" + word + "\" is not in: " + message);
    }
  }
}
