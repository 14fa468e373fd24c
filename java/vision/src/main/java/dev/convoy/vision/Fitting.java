package dev.convoy.vision;

import dev.convoy.vision.Resampling.Window;
import java.util.Arrays;

/** Runs a {@link Fit}, row by row: pixels that the result does not show are never computed. */
final class Fitting {
  /** One side of the result: from where in the resized image, how much of it, to where. */
  private record Span(int from, int length, int to) {
    /** torchvision's {@code center_crop}: rounds half to even; pads the odd pixel behind. */
    static Span crop(int available, int wanted) {
      return available < wanted
          ? new Span(0, available, (wanted - available) / 2)
          : new Span((int) Math.rint((available - wanted) / 2.0), wanted, 0);
    }
  }

  /** Where a point of the image lies in the result, both measured in pixels from the corner. */
  record View(double scaleX, double offsetX, double scaleY, double offsetY) {
    double x(double imageX) {
      return imageX * scaleX + offsetX;
    }

    double y(double imageY) {
      return imageY * scaleY + offsetY;
    }
  }

  private Fitting() {}

  static View view(Fit fit, Image image) {
    Size resized = resizedSize(fit, image);
    Span x = Span.crop(resized.width(), fit.width());
    Span y = Span.crop(resized.height(), fit.height());
    return new View(
        (double) resized.width() / image.width(),
        x.to - x.from,
        (double) resized.height() / image.height(),
        y.to - y.from);
  }

  /**
   * Hands the rows of the result to {@code sink}, which finds them in {@code row} ({@code
   * fit.width()} RGB pixels).
   */
  static void run(Fit fit, Image image, byte[] row, Resampling.RowSink sink) {
    Size resized = resizedSize(fit, image);
    Span x = Span.crop(resized.width(), fit.width());
    Span y = Span.crop(resized.height(), fit.height());
    byte ground = fit instanceof Fit.Letterbox box ? (byte) box.ground() : 0;
    Arrays.fill(row, ground);
    for (int i = 0; i < y.to; i++) {
      sink.row(i);
    }
    Window window =
        new Window(resized.width(), resized.height(), x.from, y.from, x.length, y.length);
    new Resampling(image, window, row, x.to * 3).run(filter(fit), i -> sink.row(y.to + i));
    Arrays.fill(row, ground);
    for (int i = y.to + y.length; i < fit.height(); i++) {
      sink.row(i);
    }
  }

  private static Filter filter(Fit fit) {
    if (fit instanceof Fit.ShortSideCrop crop) {
      return crop.filter();
    }
    return fit instanceof Fit.Letterbox box ? box.filter() : ((Fit.Stretch) fit).filter();
  }

  /** The size of the image before the crop or the border. */
  private static Size resizedSize(Fit fit, Image image) {
    if (fit instanceof Fit.ShortSideCrop crop) {
      return shortSide(image, crop.shortSide());
    }
    if (fit instanceof Fit.Letterbox box) {
      double ratio =
          Math.min((double) box.width() / image.width(), (double) box.height() / image.height());
      return new Size(
          Math.max(1, (int) Math.rint(image.width() * ratio)),
          Math.max(1, (int) Math.rint(image.height() * ratio)));
    }
    return new Size(fit.width(), fit.height());
  }

  /** torchvision's rule: the long side is {@code int(size * long / short)}. */
  static Size shortSide(Image image, int size) {
    int shorter = Math.min(image.width(), image.height());
    int longer = Math.max(image.width(), image.height());
    double scaled = (double) ((long) size * longer) / shorter;
    if (scaled * size > Size.MAX_PIXELS) {
      throw new ImageException(
          "resizing the shorter side of %dx%d to %d makes the longer one %.0f: too many pixels"
              .formatted(image.width(), image.height(), size, scaled));
    }
    return image.width() <= image.height()
        ? new Size(size, (int) scaled)
        : new Size((int) scaled, size);
  }
}
