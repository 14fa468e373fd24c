package dev.convoy.vision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads {@code goldens/vision/cases.json}. */
final class PillowGoldens {
  record Normalised(double mean, double std, List<Double> first) {}

  record Case(Fit fit, String png, long sum, @Nullable Normalised normalised) {}

  record Photo(
      String name,
      List<Integer> sizeWh,
      long decodedSum,
      List<List<Integer>> samples,
      List<Case> cases) {}

  private PillowGoldens() {}

  static List<Photo> read(Path json) {
    try (JsonParser in =
        JsonFactory.builder().build().createParser(ObjectReadContext.empty(), json)) {
      List<Photo> photos = new ArrayList<>();
      in.nextToken();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean rows = in.currentName().equals("rows");
        in.nextToken();
        if (!rows) {
          in.skipChildren();
          continue;
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
          photos.add(photo(in));
        }
      }
      return photos;
    }
  }

  private static Photo photo(JsonParser in) {
    String name = "";
    List<Integer> size = List.of();
    long sum = -1;
    List<List<Integer>> samples = new ArrayList<>();
    List<Case> cases = new ArrayList<>();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "photo" -> name = in.getString();
        case "size_wh" -> size = integers(in);
        case "decoded_sum" -> sum = in.getLongValue();
        case "decoded_sample" -> {
          while (in.nextToken() != JsonToken.END_ARRAY) {
            samples.add(integers(in));
          }
        }
        case "cases" -> {
          while (in.nextToken() != JsonToken.END_ARRAY) {
            cases.add(golden(in));
          }
        }
        default -> in.skipChildren();
      }
    }
    return new Photo(name, size, sum, samples, cases);
  }

  private static Case golden(JsonParser in) {
    String kind = "";
    String png = "";
    Filter filter = Filter.BILINEAR;
    int resize = 0;
    int crop = 0;
    int width = 0;
    int height = 0;
    int size = 0;
    long sum = -1;
    Normalised normalised = null;
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "kind" -> kind = in.getString();
        case "png" -> png = in.getString();
        case "filter" -> filter = Filter.valueOf(in.getString().toUpperCase(Locale.ROOT));
        case "resize" -> resize = in.getIntValue();
        case "crop" -> crop = in.getIntValue();
        case "w" -> width = in.getIntValue();
        case "h" -> height = in.getIntValue();
        case "size" -> size = in.getIntValue();
        case "sum" -> sum = in.getLongValue();
        case "normalized" -> normalised = normalised(in);
        default -> in.skipChildren();
      }
    }
    Fit fit =
        switch (kind) {
          case "resize_short_crop" -> new Fit.ShortSideCrop(resize, crop, crop, filter);
          case "resize_exact" -> new Fit.Stretch(width, height, filter);
          case "letterbox" -> new Fit.Letterbox(size, size, 114, Filter.BILINEAR);
          default -> throw new IllegalStateException("unknown kind of case: " + kind);
        };
    return new Case(fit, png, sum, normalised);
  }

  private static Normalised normalised(JsonParser in) {
    double mean = 0;
    double std = 0;
    List<Double> first = new ArrayList<>();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "mean" -> mean = in.getDoubleValue();
        case "std" -> std = in.getDoubleValue();
        case "first8" -> {
          while (in.nextToken() != JsonToken.END_ARRAY) {
            first.add(in.getDoubleValue());
          }
        }
        default -> in.skipChildren();
      }
    }
    return new Normalised(mean, std, first);
  }

  private static List<Integer> integers(JsonParser in) {
    List<Integer> values = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      values.add(in.getIntValue());
    }
    return values;
  }
}
