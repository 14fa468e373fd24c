package dev.convoy.verify;

import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Reports as JSON text. Numbers that are not finite become texts such as {@code "NaN"}. */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonText() {}

  /** One object, with the members that {@code body} writes. */
  static String object(Consumer<JsonGenerator> body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      body.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /** A member that lists an object for each element. */
  static <T> void objects(JsonGenerator json, String name, Iterable<T> elements, Consumer<T> body) {
    json.writeName(name).writeStartArray();
    for (T element : elements) {
      json.writeStartObject();
      body.accept(element);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
