package dev.convoy.vision;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.util.Arrays;

/**
 * The recipe that turns any image into a network's input, bound to the weights it was trained with:
 * colour, then size, then border, then normalisation. Immutable, safe for any number of threads;
 * {@link #toString} says the recipe in words.
 *
 * @param colour what a pixel becomes
 * @param fit how the image gets its size
 * @param border pixels of zero ink (samples of 0, normalised like all others) put around the image
 * @param normalisation from samples to float32, one mean and std per channel of {@code colour}
 */
public record Preprocessing(Colour colour, Fit fit, int border, Normalisation normalisation) {
  /** The channels that a network sees. */
  public enum Colour {
    /** Red, green, blue. */
    RGB(3),
    /** Luminance (ITU-R 601-2, Pillow's {@code convert("L")}), taken before resizing. */
    GREY(1);

    private final int channels;

    Colour(int channels) {
      this.channels = channels;
    }

    public int channels() {
      return channels;
    }
  }

  /** Throws {@link ImageException} where border or normalisation do not fit the rest. */
  public Preprocessing {
    if (normalisation.channels() != colour.channels()) {
      throw new ImageException(
          "%s has %d channels, the normalisation has %d"
              .formatted(colour, colour.channels(), normalisation.channels()));
    }
    if (border < 0 || border > 1 << 14) {
      throw new ImageException("a border has 0 to 16384 pixels, not " + border);
    }
    Size.check("recipe", fit.width() + 2 * border, fit.height() + 2 * border);
  }

  /** The recipe of torchvision's classifiers: shorter side, centre crop, ImageNet's statistics. */
  public static Preprocessing imagenet(int resize, int crop, Filter filter) {
    return new Preprocessing(
        Colour.RGB, new Fit.ShortSideCrop(resize, crop, crop, filter), 0, Normalisation.IMAGENET);
  }

  /** The same with another normalisation. */
  public Preprocessing with(Normalisation other) {
    return new Preprocessing(colour, fit, border, other);
  }

  /**
   * LeNet-5 on MNIST: white ink on black, 28×28 (other sizes are resized, bilinear), two pixels of
   * zero ink around to make 32×32, MNIST's statistics.
   */
  public static Preprocessing mnist() {
    return new Preprocessing(
        Colour.GREY, new Fit.Stretch(28, 28, Filter.BILINEAR), 2, Normalisation.MNIST);
  }

  /** A square detector's input, as YOLO is fed: letterbox on grey 114, x/255. */
  public static Preprocessing letterbox(int size) {
    return new Preprocessing(
        Colour.RGB, new Fit.Letterbox(size, size, 114, Filter.BILINEAR), 0, Normalisation.UNIT);
  }

  /** The tensor of one image, CHW. */
  public Shape outputShape() {
    return Shape.chw(colour.channels(), fit.height() + 2 * border, fit.width() + 2 * border);
  }

  /** The image as a CHW tensor of {@link #outputShape}. */
  public Tensor apply(Image image) {
    Tensor tensor = Tensor.zeros(outputShape());
    apply(image, tensor.values(), 0);
    return tensor;
  }

  /**
   * Writes the image's CHW values to {@code out} from {@code offset} on, for batches: all {@code
   * outputShape().size()} of them, using a few rows of scratch. Throws {@link ShapeException} where
   * they do not fit.
   */
  public void apply(Image image, float[] out, int offset) {
    int floats = outputShape().intSize();
    if (offset < 0 || offset > out.length - floats) {
      throw new ShapeException(
          "an image of %s needs %d floats from offset %d on, the array has %d"
              .formatted(outputShape(), floats, offset, out.length));
    }
    int width = fit.width() + 2 * border;
    int plane = width * (fit.height() + 2 * border);
    float[][] tables = new float[colour.channels()][];
    for (int c = 0; c < tables.length; c++) {
      tables[c] = normalisation.table(c);
    }
    if (border > 0) {
      for (int c = 0; c < tables.length; c++) {
        Arrays.fill(out, offset + c * plane, offset + (c + 1) * plane, tables[c][0]);
      }
    }
    byte[] row = new byte[fit.width() * 3];
    Image source = colour == Colour.GREY ? image.grey() : image;
    int inner = offset + border * width + border;
    Fitting.run(
        fit,
        source,
        row,
        y -> {
          for (int c = 0; c < tables.length; c++) {
            normaliseRow(row, c, tables[c], out, inner + c * plane + y * width);
          }
        });
  }

  private static void normaliseRow(byte[] row, int channel, float[] table, float[] out, int to) {
    for (int p = channel, i = to; p < row.length; p += 3, i++) {
      out[i] = table[row[p] & 0xff];
    }
  }

  /** The recipe in words. */
  @Override
  public String toString() {
    return (colour == Colour.GREY ? "convert to grey, " : "")
        + fit
        + (border == 0 ? "" : ", pad " + border + " pixels of 0 on each side")
        + ", normalise "
        + normalisation
        + (colour == Colour.GREY ? "" : " in RGB");
  }
}
