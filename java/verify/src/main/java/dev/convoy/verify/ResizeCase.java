package dev.convoy.verify;

import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Fit;
import dev.convoy.vision.Image;
import dev.convoy.vision.ImageException;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A photo resized, cropped or letterboxed: every pixel equal to an image file's.
 *
 * @param picture the expected pixels
 * @param sum of all samples
 */
record ResizeCase(
    String id, String photo, Fit fit, Path picture, long sum, Optional<Normalised> normalised)
    implements GoldenCase {
  private static final Tolerance NORMALISED = new Tolerance(1e-6, "1e-6 (float32)");

  /** Border of a letterbox. */
  private static final int GROUND = 114;

  /**
   * The network's input by ImageNet's statistics.
   *
   * @param first the first values in CHW order
   */
  @SuppressWarnings("ArrayRecordComponent") // read once from a file, never written
  record Normalised(double mean, double std, double[] first) {}

  /**
   * @param folder where the pictures lie
   */
  static GoldenCase read(String photo, JsonTree json, Path folder) {
    String id = photo + "/" + json.get("id").text();
    Optional<Fit> fit;
    try {
      fit = fit(json);
    } catch (ImageException e) {
      throw new GoldenException(id + ": " + e.getMessage(), e);
    }
    if (fit.isEmpty()) {
      return new UnsupportedCase(id, "no way '" + json.get("kind").text() + "' to fit an image");
    }
    Path picture = folder.resolve(json.get("png").text()).normalize();
    if (!picture.startsWith(folder.normalize())) {
      throw json.get("png").wrong("a file beside the cases");
    }
    Optional<Normalised> normalised =
        json.find("normalized")
            .map(
                n ->
                    new Normalised(
                        n.get("mean").number(),
                        n.get("std").magnitude(),
                        n.get("first8").numbers()));
    return new ResizeCase(id, photo, fit.get(), picture, json.get("sum").count(), normalised);
  }

  private static Optional<Fit> fit(JsonTree json) {
    return switch (json.get("kind").text()) {
      case "resize_short_crop" -> {
        int crop = json.get("crop").integer();
        yield Optional.of(
            new Fit.ShortSideCrop(json.get("resize").integer(), crop, crop, filter(json)));
      }
      case "resize_exact" ->
          Optional.of(
              new Fit.Stretch(json.get("w").integer(), json.get("h").integer(), filter(json)));
      case "letterbox" -> {
        int size = json.get("size").integer();
        yield Optional.of(new Fit.Letterbox(size, size, GROUND, Filter.BILINEAR));
      }
      default -> Optional.empty();
    };
  }

  private static Filter filter(JsonTree json) {
    String name = json.get("filter").text();
    return Arrays.stream(Filter.values())
        .filter(filter -> filter.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> json.get("filter").wrong("a filter of " + Arrays.asList(Filter.values())));
  }

  @Override
  public CaseResult compare(Subject subject) {
    Image source = DecodeCase.open(subject, photo);
    Image actual = source.fit(fit);
    Comparison comparison = new Comparison();
    comparison.same("sum of samples", sum, DecodeCase.sum(actual));
    pixels(comparison, Image.read(picture), actual);
    normalised.ifPresent(expected -> normalised(comparison, expected, source));
    return comparison.result(id);
  }

  private static void pixels(Comparison comparison, Image expected, Image actual) {
    boolean width = comparison.same("width", expected.width(), actual.width());
    boolean height = comparison.same("height", expected.height(), actual.height());
    if (width && height) {
      int at = Arrays.mismatch(expected.toBytes(), actual.toBytes());
      if (at >= 0) {
        int pixel = at / 3;
        int x = pixel % actual.width();
        int y = pixel / actual.width();
        String place = "row %d, column %d, channel %d".formatted(y, x, at % 3);
        comparison.same(place, expected.sample(x, y, at % 3), actual.sample(x, y, at % 3));
      }
    }
  }

  private void normalised(Comparison comparison, Normalised expected, Image source) {
    Tensor tensor =
        new Preprocessing(Preprocessing.Colour.RGB, fit, 0, Normalisation.IMAGENET).apply(source);
    double[] values = new double[tensor.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.values()[i];
    }
    Moments moments = Moments.of(values);
    comparison.near("normalised mean", expected.mean(), moments.mean(), NORMALISED);
    comparison.near("normalised std", expected.std(), moments.std(), NORMALISED);
    for (int i = 0; i < Math.min(expected.first().length, values.length); i++) {
      comparison.near("normalised[" + i + "]", expected.first()[i], values[i], NORMALISED);
    }
  }
}
