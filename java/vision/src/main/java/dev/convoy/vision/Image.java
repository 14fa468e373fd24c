package dev.convoy.vision;

import dev.convoy.FileFailure;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * An 8-bit RGB image: rows top to bottom, pixels left to right, samples R, G, B interleaved (HWC).
 * Immutable, safe for any number of threads.
 *
 * <p>Reading and resizing give Pillow's pixels ({@code Image.open(f).convert("RGB")}, then EXIF
 * orientation; {@code resize}), sample for sample. What Pillow does is therefore done here too:
 * alpha and colour profiles are ignored, 16-bit colour keeps its high byte, and 16-bit grey is
 * clipped at 255.
 */
public final class Image {
  private final int width;
  private final int height;
  private final byte[] pixels;

  /** Takes the array over. */
  Image(int width, int height, byte[] pixels) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /**
   * Reads a JPEG (baseline or progressive; grey, colour, CMYK, YCCK), PNG or BMP file, told apart
   * by its first bytes; {@link ImageException} names the file, what was found and the cure.
   */
  public static Image read(Path file) {
    return read(file, ReadOptions.DEFAULT);
  }

  public static Image read(Path file, ReadOptions options) {
    return ImageDecoder.decode(ImageBytes.of(file, options), options);
  }

  /** Reads a stream to its end; does not close it. */
  public static Image read(InputStream stream) {
    return read(stream, ReadOptions.DEFAULT);
  }

  public static Image read(InputStream stream, ReadOptions options) {
    return ImageDecoder.decode(ImageBytes.of(stream, options), options);
  }

  public static Image read(byte[] file) {
    return read(file, ReadOptions.DEFAULT);
  }

  public static Image read(byte[] file, ReadOptions options) {
    return ImageDecoder.decode(ImageBytes.of(file), options);
  }

  /** A copy of AWT's image. Alpha is dropped, not blended; 16-bit samples keep their high byte. */
  public static Image of(BufferedImage image) {
    Size.check("image", image.getWidth(), image.getHeight());
    return RasterPixels.toImage(image, false);
  }

  /**
   * An image of these samples, which are copied; throws {@link ImageException} on a wrong count.
   */
  public static Image of(int width, int height, byte[] rgb) {
    Size.check("image", width, height);
    if (rgb.length != width * height * 3) {
      throw new ImageException(
          "an RGB image of %dx%d needs %d samples, %d were given"
              .formatted(width, height, width * height * 3, rgb.length));
    }
    return new Image(width, height, rgb.clone());
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** One sample, 0…255; channel 0 is red, 1 green, 2 blue. */
  public int sample(int x, int y, int channel) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    Objects.checkIndex(channel, 3);
    return pixels[(y * width + x) * 3 + channel] & 0xff;
  }

  /** A copy of the samples, height × width × 3. */
  public byte[] toBytes() {
    return pixels.clone();
  }

  /** A copy as {@code TYPE_3BYTE_BGR}. */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int p = 0; p < pixels.length; p += 3) {
      bgr[p] = pixels[p + 2];
      bgr[p + 1] = pixels[p + 1];
      bgr[p + 2] = pixels[p];
    }
    return image;
  }

  /** Writes a PNG, replacing the file if there is one. */
  public void writePng(Path file) {
    try {
      Files.write(file, Codecs.png(toBufferedImage()));
    } catch (IOException e) {
      throw new ImageException(file + ": " + FileFailure.writing(e), e);
    }
  }

  /** This image brought to the size and shape of {@code fit}. */
  public Image fit(Fit fit) {
    byte[] out = new byte[fit.width() * fit.height() * 3];
    byte[] row = new byte[fit.width() * 3];
    Fitting.run(fit, this, row, y -> System.arraycopy(row, 0, out, y * row.length, row.length));
    return new Image(fit.width(), fit.height(), out);
  }

  /** Pillow's {@code resize((width, height), filter)}. */
  public Image resize(int newWidth, int newHeight, Filter filter) {
    return fit(new Fit.Stretch(newWidth, newHeight, filter));
  }

  /** torchvision's {@code Resize(size)}: the shorter side becomes {@code size}. */
  public Image resizeShort(int size, Filter filter) {
    Size.check("shorter side", size, 1);
    Size resized = Fitting.shortSide(this, size);
    return resize(resized.width(), resized.height(), filter);
  }

  /** torchvision's {@code CenterCrop((height, width))}: pads with zeros where the image ends. */
  public Image centerCrop(int newWidth, int newHeight) {
    int shorter = Math.min(width, height); // keeps its size, so that no filter ever runs
    return fit(new Fit.ShortSideCrop(shorter, newWidth, newHeight, Filter.NEAREST));
  }

  /** The largest version that fits, centred on grey 114 (bilinear). */
  public Image letterbox(int newWidth, int newHeight) {
    return fit(new Fit.Letterbox(newWidth, newHeight, 114, Filter.BILINEAR));
  }

  /**
   * The luminance in all three channels: ITU-R 601-2 in 16-bit fixed point, Pillow's {@code
   * convert("L")}.
   */
  public Image grey() {
    byte[] grey = new byte[pixels.length];
    for (int p = 0; p < pixels.length; p += 3) {
      int sum =
          (pixels[p] & 0xff) * 19595
              + (pixels[p + 1] & 0xff) * 38470
              + (pixels[p + 2] & 0xff) * 7471
              + 0x8000;
      grey[p] = grey[p + 1] = grey[p + 2] = (byte) (sum >> 16);
    }
    return new Image(width, height, grey);
  }

  /** The samples themselves, for this package alone: never written to. */
  byte[] pixels() {
    return pixels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Image that
        && width == that.width
        && height == that.height
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return (width * 31 + height) * 31 + Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return "Image[" + width + "x" + height + "]";
  }
}
