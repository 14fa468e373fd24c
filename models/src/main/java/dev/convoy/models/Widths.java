package dev.convoy.models;

/** Numbers of channels in scaled networks. */
final class Widths {
  private Widths() {}

  /** The nearest multiple of 8, but not less than 8 and not less than nine tenths. */
  static int multipleOf8(double channels) {
    int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
    return rounded < 0.9 * channels ? rounded + 8 : rounded;
  }
}
