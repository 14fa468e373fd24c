package dev.convoy.vision;

import java.util.Locale;

/**
 * Resampling filters, with Pillow's names, supports and formulas.
 *
 * <p>All but {@link #NEAREST} are antialiased: when an image shrinks, the filter is stretched over
 * all the input pixels that fall on one output pixel.
 */
public enum Filter {
  /** The input pixel under the centre of the output pixel. */
  NEAREST(0),
  /** The mean of the covered pixels. */
  BOX(0.5),
  /** A triangle: torchvision's default. */
  BILINEAR(1),
  /** A Hamming-windowed sinc of support 1. */
  HAMMING(1),
  /** Keys' cubic with a = -0.5. */
  BICUBIC(2),
  /** A sinc windowed by a sinc, three lobes. */
  LANCZOS(3);

  private static final double KEYS_A = -0.5;

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /** Half the filter's width, in input pixels, when an image keeps its size or grows. */
  double support() {
    return support;
  }

  /** The weight of a sample at distance {@code x} from the centre, not normalised. */
  double weight(double x) {
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("nearest picks pixels and has no weights");
      case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> Math.max(0, 1 - Math.abs(x));
      case HAMMING -> hamming(Math.abs(x));
      case BICUBIC -> keys(Math.abs(x));
      case LANCZOS -> -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  /** With the window's constants in float, as Pillow has them. */
  private static double hamming(double x) {
    if (x == 0) {
      return 1;
    }
    if (x >= 1) {
      return 0;
    }
    double angle = x * Math.PI;
    return StrictMath.sin(angle) / angle * (0.54f + 0.46f * StrictMath.cos(angle));
  }

  private static double keys(double x) {
    if (x < 1) {
      return ((KEYS_A + 2) * x - (KEYS_A + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * KEYS_A : 0;
  }

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return StrictMath.sin(angle) / angle;
  }

  /** {@code bilinear}: as recipes and golden files spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
