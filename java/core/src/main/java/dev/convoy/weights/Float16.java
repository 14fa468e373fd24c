package dev.convoy.weights;

/** IEEE 754 binary16 and back; the JDK has these conversions from release 20 on. */
final class Float16 {
  /** Values of this magnitude and above round to infinity. */
  static final float OVERFLOW = 65520f;

  private static final float TWO_TO_112 = 0x1p112f;
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  private Float16() {}

  /** Exact. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = (half & 0x7fff) << 13;
    if ((half & 0x7c00) == 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f800000 | magnitude);
    }
    // The exponent's bias differs by 127 - 15 = 112; the product also normalises subnormals.
    float value = Float.intBitsToFloat(magnitude) * TWO_TO_112;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
  }

  /** To nearest, ties to even; {@link #OVERFLOW} and above become infinite. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    int half;
    if (Float.isNaN(value)) {
      half = 0x7e00;
    } else if (magnitude >= OVERFLOW) {
      half = 0x7c00;
    } else if (magnitude < SMALLEST_NORMAL) {
      half = (int) Math.rint(magnitude * 0x1p24); // in units of the smallest subnormal
    } else {
      int m = bits & 0x7fffffff;
      half = (m + 0xfff + ((m >>> 13) & 1) - (112 << 23)) >>> 13;
    }
    return (short) (sign | half);
  }
}
