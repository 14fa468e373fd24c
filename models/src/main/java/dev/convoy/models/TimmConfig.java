package dev.convoy.models;

import dev.convoy.FileFailure;
import dev.convoy.JsonFailure;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Fit;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The {@code config.json} that timm puts beside a weight file.
 *
 * @param file where it was read
 * @param architecture timm's name of the network
 * @param labels as many as there are classes; numbers where the file names none
 * @param recipe what timm's evaluation does to an image: resize the shorter side to {@code
 *     floor(size / crop_pct)}, crop the centre, normalise
 */
record TimmConfig(Path file, String architecture, Labels labels, Preprocessing recipe) {
  /** Networks that have timm's name here too. */
  private static final List<String> SAME =
      List.of(
          "resnet18",
          "resnet34",
          "resnet50",
          "resnet101",
          "resnet152",
          "resnext50_32x4d",
          "resnext101_32x8d",
          "resnext101_64x4d",
          "wide_resnet50_2",
          "wide_resnet101_2",
          "densenet121",
          "densenet161",
          "densenet169",
          "densenet201",
          "efficientnet_b0",
          "efficientnet_b1",
          "efficientnet_b2",
          "efficientnet_b3",
          "efficientnet_b4",
          "efficientnet_b5",
          "efficientnet_b6",
          "efficientnet_b7");

  private static final Map<String, String> RENAMED =
      Map.of(
          "mobilenetv1_100", "mobilenet_v1_relu6",
          "mobilenetv2_100", "mobilenet_v2",
          "mobilenetv3_small_100", "mobilenet_v3_small",
          "mobilenetv3_large_100", "mobilenet_v3_large");

  /** Marks of other people's training in older names of the same networks. */
  private static final String TRAINED_BY = "^(tv|ssl|swsl|ig)_(?=res|wide|dense)";

  private static final String FROM_TENSORFLOW = "tf_";
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_CLASSES = 1 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * The configuration of a weight file that has no recipe by its name.
   *
   * @throws WeightsException if the name says that the weights came from TensorFlow
   */
  static Optional<TimmConfig> of(Path weights) {
    Path name = weights.getFileName();
    if (name != null && name.toString().startsWith(FROM_TENSORFLOW)) {
      throw asymmetric("weight file " + weights, name.toString());
    }
    return PublishedWeights.of(weights).isPresent() ? Optional.empty() : beside(weights);
  }

  /**
   * The {@code config.json} in the weight file's folder, if it is there and timm's.
   *
   * @throws WeightsException naming the field, if it cannot be read or asks for what is not there
   */
  static Optional<TimmConfig> beside(Path weights) {
    Path file = weights.resolveSibling("config.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Map<String, Object> fields = read(file);
    Object nested = fields.getOrDefault("pretrained_cfg", fields);
    if (!(fields.get("architecture") instanceof String architecture)
        || !(nested instanceof Map<?, ?> evaluation)
        || !evaluation.containsKey("input_size")) {
      return Optional.empty();
    }
    return Optional.of(
        new TimmConfig(
            file,
            architecture.split("\\.", 2)[0],
            labels(file, fields, evaluation),
            new Fields(file, evaluation).recipe()));
  }

  /**
   * The architecture, once it is sure to be this file's; for the file's classes, if those of
   * ImageNet were nobody's choice.
   */
  Architecture checked(Architecture wanted) {
    if (architecture.startsWith(FROM_TENSORFLOW)) {
      throw asymmetric(file.toString(), architecture);
    }
    String plain = architecture.replaceFirst(TRAINED_BY, "");
    String known = SAME.contains(plain) ? plain : RENAMED.getOrDefault(plain, "");
    if (!known.equals(wanted.name())) {
      throw new WeightsException(
          "%s: the weights are of timm's '%s', %s, not of %s"
              .formatted(
                  file,
                  architecture,
                  known.isEmpty() ? "which is not supported" : "which is " + known + " here",
                  wanted));
    }
    boolean otherClasses = labels.size() != wanted.labels().size();
    return otherClasses && wanted.labels().equals(Labels.IMAGENET)
        ? wanted.withLabels(labels)
        : wanted;
  }

  private static WeightsException asymmetric(String where, String name) {
    return new WeightsException(
        where
            + ": '"
            + name
            + "' came from TensorFlow, whose convolutions pad more behind than before where they stride:"
            + " another network under the same keys; use weights without tf_");
  }

  private static Labels labels(Path file, Map<String, Object> fields, Map<?, ?> evaluation) {
    Object names = fields.getOrDefault("label_names", evaluation.get("label_names"));
    Object count = fields.getOrDefault("num_classes", evaluation.get("num_classes"));
    int classes = count instanceof Number n ? n.intValue() : Labels.IMAGENET.size();
    if (classes < 0 || classes > MAX_CLASSES) {
      throw bad(file, "num_classes is " + count + ", it must be 0 to " + MAX_CLASSES);
    }
    if (classes == 0) {
      return Labels.IMAGENET; // there is no classifier for them to be of
    }
    if (names instanceof List<?> list && list.size() == classes) {
      return new Labels(list.stream().map(String::valueOf).toList());
    }
    return classes == Labels.IMAGENET.size() ? Labels.IMAGENET : Labels.numbered(classes);
  }

  private static WeightsException bad(Path file, String what) {
    return new WeightsException(
        file + ": " + what + "; correct it, or name weights in a folder without it");
  }

  /** The evaluation's fields, each checked. */
  private record Fields(Path file, Map<?, ?> values) {
    Preprocessing recipe() {
      List<Double> size = numbers("input_size", 3);
      int height = size.get(1).intValue();
      if (size.get(0) != 3 || !size.get(1).equals(size.get(2)) || height < 1 || height > 1 << 13) {
        throw bad(file, "input_size is " + size + ", only square RGB images are supported");
      }
      double cropped = values.get("crop_pct") instanceof Number n ? n.doubleValue() : 0.875;
      if (!(cropped > 0.1 && cropped <= 1)) {
        throw bad(file, "crop_pct is " + cropped + ", it must be above 0.1 and at most 1");
      }
      return new Preprocessing(
          Preprocessing.Colour.RGB,
          fit(height, (int) Math.floor(height / cropped)),
          0,
          new Normalisation(floats("mean"), floats("std")));
    }

    private Fit fit(int size, int resize) {
      String mode = text("crop_mode", "center");
      if (mode.equals("squash") && resize == size) {
        return new Fit.Stretch(size, size, filter());
      }
      if (!mode.equals("center")) {
        throw bad(file, "crop_mode '" + mode + "' is not supported, only 'center'");
      }
      return new Fit.ShortSideCrop(resize, size, size, filter());
    }

    private Filter filter() {
      String name = text("interpolation", "bilinear");
      try {
        return Filter.valueOf(name.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw bad(file, "interpolation '" + name + "' is not known");
      }
    }

    private String text(String field, String otherwise) {
      return values.get(field) instanceof String text && !text.isEmpty() ? text : otherwise;
    }

    private List<Float> floats(String field) {
      return numbers(field, 3).stream().map(Double::floatValue).toList();
    }

    private List<Double> numbers(String field, int count) {
      if (values.get(field) instanceof List<?> list
          && list.size() == count
          && list.stream().allMatch(Number.class::isInstance)) {
        return IntStream.range(0, count)
            .mapToObj(i -> ((Number) list.get(i)).doubleValue())
            .toList();
      }
      throw bad(file, field + " must be " + count + " numbers, not " + values.get(field));
    }
  }

  private static Map<String, Object> read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        return Map.of(); // no configuration of a network
      }
      try (JsonParser json =
          JSON.createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
        return json.nextToken() == JsonToken.START_OBJECT ? object(json) : Map.of();
      }
    } catch (IOException e) {
      throw bad(file, FileFailure.reading(e));
    } catch (JacksonException e) {
      throw bad(file, "it is not sound JSON: " + JsonFailure.reason(e));
    }
  }

  private static Map<String, Object> object(JsonParser json) {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      Object value = value(json, json.nextToken());
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static List<Object> array(JsonParser json) {
    List<Object> items = new ArrayList<>();
    for (JsonToken token = json.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      Object value = value(json, token);
      items.add(value == null ? "null" : value);
    }
    return items;
  }

  private static @Nullable Object value(JsonParser json, @Nullable JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      return object(json);
    }
    if (token == JsonToken.START_ARRAY) {
      return array(json);
    }
    if (token == null || token == JsonToken.VALUE_NULL) {
      return null;
    }
    return token.isNumeric() ? (Object) json.getDoubleValue() : json.getString();
  }
}
