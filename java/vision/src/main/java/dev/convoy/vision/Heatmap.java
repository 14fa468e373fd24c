package dev.convoy.vision;

/**
 * A coarse map of numbers over a network's input, to be drawn over the photo that the input was
 * made of. Immutable.
 *
 * <p>Between the centres of its cells the map is interpolated bilinearly; its lowest value is drawn
 * blue, its highest red. What the recipe cut off the photo is darkened.
 */
public final class Heatmap {
  /** How much of a pixel is the heat's colour. */
  private static final double OPACITY = 0.5;

  /** What is left of the light outside the network's view. */
  private static final double OUTSIDE = 0.4;

  private final int width;
  private final int height;
  private final float[] values;

  /**
   * @param values height × width, row by row; copied
   * @throws ImageException on a wrong count
   */
  public Heatmap(int width, int height, float[] values) {
    Size.check("heat map", width, height);
    if (values.length != width * height) {
      throw new ImageException(
          "a heat map of %dx%d needs %d values, %d were given"
              .formatted(width, height, width * height, values.length));
    }
    this.width = width;
    this.height = height;
    this.values = values.clone();
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** A copy of the values, height × width. */
  public float[] values() {
    return values.clone();
  }

  /** The value at a point, (0, 0) the map's upper left corner and (1, 1) its lower right one. */
  public double at(double x, double y) {
    double column = Math.max(0, Math.min(width - 1, x * width - 0.5));
    double row = Math.max(0, Math.min(height - 1, y * height - 0.5));
    int left = Math.min((int) column, Math.max(0, width - 2));
    int top = Math.min((int) row, Math.max(0, height - 2));
    int right = Math.min(left + 1, width - 1);
    int bottom = Math.min(top + 1, height - 1);
    double above = between(value(left, top), value(right, top), column - left);
    double below = between(value(left, bottom), value(right, bottom), column - left);
    return between(above, below, row - top);
  }

  private double value(int x, int y) {
    return values[y * width + x];
  }

  private static double between(double a, double b, double part) {
    return a + (b - a) * part;
  }

  /**
   * The photo with this map over what a network saw of it.
   *
   * @param recipe the preprocessing that made the network's input of the photo
   */
  public Image over(Image photo, Preprocessing recipe) {
    Fitting.View view = Fitting.view(recipe.fit(), photo);
    double inputWidth = recipe.outputShape().width();
    double inputHeight = recipe.outputShape().height();
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    double span = (double) highest - lowest;
    byte[] pixels = photo.toBytes();
    for (int y = 0; y < photo.height(); y++) {
      double v = (view.y(y + 0.5) + recipe.border()) / inputHeight;
      for (int x = 0; x < photo.width(); x++) {
        double u = (view.x(x + 0.5) + recipe.border()) / inputWidth;
        int at = (y * photo.width() + x) * 3;
        boolean seen = u >= 0 && u < 1 && v >= 0 && v < 1;
        double heat = span > 0 && seen ? (at(u, v) - lowest) / span : 0;
        for (int channel = 0; channel < 3; channel++) {
          double light = pixels[at + channel] & 0xff;
          double drawn =
              seen ? between(light, 255 * colour(heat, channel), OPACITY) : light * OUTSIDE;
          pixels[at + channel] = (byte) Math.round(drawn);
        }
      }
    }
    return new Image(photo.width(), photo.height(), pixels);
  }

  /** From blue over cyan, green and yellow to red: a tent for each channel, 0…1. */
  static double colour(double heat, int channel) {
    double centre = 0.75 - 0.25 * channel;
    return Math.max(0, Math.min(1, 1.5 - 4 * Math.abs(heat - centre)));
  }
}
