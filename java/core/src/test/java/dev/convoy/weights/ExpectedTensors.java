package dev.convoy.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists, strings and doubles. */
final class ExpectedTensors {
  private ExpectedTensors() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
      return (Map<String, Object>) value(json, json.nextToken());
    }
  }

  private static Object value(JsonParser json, @Nullable JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> map = new LinkedHashMap<>();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        map.put(key, value(json, json.nextToken()));
      }
      return map;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
        list.add(value(json, t));
      }
      return list;
    }
    return token == JsonToken.VALUE_STRING ? json.getString() : json.getDoubleValue();
  }

  static int[] shape(Object json) {
    return ((List<?>) json).stream().mapToInt(d -> ((Double) d).intValue()).toArray();
  }
}
