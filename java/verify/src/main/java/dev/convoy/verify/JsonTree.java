package dev.convoy.verify;

import dev.convoy.JsonFailure;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value that knows where it stands, so that whoever expects something else there can say so:
 * every method throws a {@link GoldenException} naming the place, what was expected and what is
 * there.
 */
final class JsonTree {
  /** More elements than any tensor of a golden file has: a damaged shape must not fill the heap. */
  private static final long MAX_ELEMENTS = 1L << 26;

  private static final Object NULL = new Object();
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String place;
  private final Object value;

  private JsonTree(String place, Object value) {
    this.place = place;
    this.value = value;
  }

  /** The values of a text, one behind the other; most files hold one, {@code .jsonl} files many. */
  static List<JsonTree> readAll(String source, byte[] utf8) {
    List<JsonTree> roots = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), utf8)) {
      while (parser.nextToken() != null) {
        String place = source + ", line " + parser.currentTokenLocation().getLineNr() + ": ";
        roots.add(new JsonTree(place, read(parser)));
      }
    } catch (JacksonException e) {
      throw new GoldenException(
          "%s, line %d is not JSON: %s. Copy the file again"
              .formatted(source, e.getLocation().getLineNr(), JsonFailure.reason(e)),
          e);
    }
    return roots;
  }

  private static Object read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> members = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, read(parser));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(read(parser));
      }
      return elements;
    }
    return switch (token) {
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> NULL;
    };
  }

  /** Whether this is an object with all of these members. */
  boolean has(String... names) {
    return value instanceof Map<?, ?> map && map.keySet().containsAll(List.of(names));
  }

  Set<String> names() {
    return members().keySet();
  }

  JsonTree get(String name) {
    return find(name).orElseThrow(() -> new GoldenException(place + "'" + name + "' is missing"));
  }

  Optional<JsonTree> find(String name) {
    Object member = members().get(name);
    return member == null
        ? Optional.empty()
        : Optional.of(new JsonTree(place + name + " ", member));
  }

  @SuppressWarnings("unchecked") // read() makes no other maps
  private Map<String, Object> members() {
    if (value instanceof Map) {
      return (Map<String, Object>) value;
    }
    throw wrong("an object");
  }

  /** The object's members in the file's order. */
  Map<String, JsonTree> map() {
    Map<String, JsonTree> map = new LinkedHashMap<>();
    names().forEach(name -> map.put(name, get(name)));
    return map;
  }

  List<JsonTree> list() {
    if (!(value instanceof List<?> elements)) {
      throw wrong("a list");
    }
    List<JsonTree> trees = new ArrayList<>();
    for (Object element : elements) {
      trees.add(new JsonTree(place + "[" + trees.size() + "] ", element));
    }
    return trees;
  }

  /** A list of exactly this many elements. */
  List<JsonTree> list(int size) {
    List<JsonTree> elements = list();
    if (elements.size() != size) {
      throw wrong("a list of " + size);
    }
    return elements;
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a text");
  }

  boolean flag() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong("true or false");
  }

  /** A finite number. */
  double number() {
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong("a number");
  }

  /** A finite number, 0 or above. */
  double magnitude() {
    double number = number();
    if (number < 0) {
      throw wrong("a number of at least 0");
    }
    return number;
  }

  /** An integer, 0 or above. */
  long count() {
    if (value instanceof Long count && count >= 0) {
      return count;
    }
    throw wrong("an integer of at least 0");
  }

  /** An integer that fits an int. */
  int integer() {
    if (value instanceof Long integer && integer.intValue() == integer) {
      return integer.intValue();
    }
    throw wrong("a 32-bit integer");
  }

  double[] numbers() {
    return list().stream().mapToDouble(JsonTree::number).toArray();
  }

  int[] integers() {
    return list().stream().mapToInt(JsonTree::integer).toArray();
  }

  /** Integers of {@code 0 … end - 1}. */
  int[] positions(long end) {
    int[] positions = integers();
    for (int position : positions) {
      if (position < 0 || position >= end) {
        throw wrong("positions from 0 to " + (end - 1));
      }
    }
    return positions;
  }

  List<String> texts() {
    return list().stream().map(JsonTree::text).toList();
  }

  /** A list of at least one dimension, each at least 1, of a tensor that fits in memory. */
  Shape shape() {
    int[] dims = integers();
    long size = 1;
    for (int d : dims) {
      size *= Math.max(d, 0);
      if (size < 1 || size > MAX_ELEMENTS) {
        throw wrong("dimensions of at least 1 and at most " + MAX_ELEMENTS + " elements");
      }
    }
    if (dims.length == 0) {
      throw wrong("at least one dimension");
    }
    return Shape.of(dims);
  }

  /** That this is not what a golden file has here. */
  GoldenException wrong(String expected) {
    String text = value == NULL ? "null" : value.toString();
    return new GoldenException(
        place
            + "must be "
            + expected
            + ", got "
            + (text.length() > 60 ? text.substring(0, 60) + "…" : text));
  }
}
