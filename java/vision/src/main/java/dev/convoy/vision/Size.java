package dev.convoy.vision;

/** A size in pixels; one RGB image of it fits in a Java array. */
record Size(int width, int height) {
  static final long MAX_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /** Throws {@link ImageException} unless both sides are at least 1 and an array holds them. */
  static void check(String what, int width, int height) {
    if (width < 1 || height < 1) {
      throw new ImageException("%s must be at least 1x1, not %dx%d".formatted(what, width, height));
    }
    if ((long) width * height > MAX_PIXELS) {
      throw new ImageException(
          "%s %dx%d is more than the %d pixels that one image can hold"
              .formatted(what, width, height, MAX_PIXELS));
    }
  }
}
