package dev.convoy.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One object of a golden file, read whole: the few shapes of value that those files have. */
record Json(Map<String, Object> fields) {
  private static final JsonFactory FACTORY = new JsonFactory();

  static Json parse(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      return (Json) value(parser);
    }
  }

  /** The lines of a test resource that are not empty. */
  static List<String> lines(String resource) {
    try (InputStream in = Json.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonParser parser) {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, Object> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser));
      }
      return new Json(fields);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser));
      }
      return items;
    }
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getString();
      default -> parser.getDoubleValue();
    };
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  private Object get(String name) {
    @Nullable Object value = fields.get(name);
    return Objects.requireNonNull(value, name);
  }

  String text(String name) {
    return (String) get(name);
  }

  boolean flag(String name) {
    return (Boolean) get(name);
  }

  double number(String name) {
    return (Double) get(name);
  }

  Json object(String name) {
    return (Json) get(name);
  }

  List<?> list(String name) {
    return (List<?>) get(name);
  }

  double[] numbers(String name) {
    return list(name).stream().mapToDouble(v -> (Double) v).toArray();
  }

  int[] integers(String name) {
    return list(name).stream().mapToInt(v -> ((Double) v).intValue()).toArray();
  }
}
