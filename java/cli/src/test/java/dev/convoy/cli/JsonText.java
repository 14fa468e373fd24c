package dev.convoy.cli;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON strictly, to its end. */
public final class JsonText {
  private JsonText() {}

  /** How often a property of this name occurs; throws if the text is not one JSON value. */
  public static int count(String json, String property) {
    int count = 0;
    int depth = 0;
    int roots = 0;
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        roots += depth == 0 ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals(property)) {
          count++;
        }
      }
    }
    if (roots != 1) {
      throw new IllegalArgumentException("expected one JSON value, got " + roots);
    }
    return count;
  }
}
