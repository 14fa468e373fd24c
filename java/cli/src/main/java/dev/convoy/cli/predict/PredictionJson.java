package dev.convoy.cli.predict;

import dev.convoy.cli.Json;
import dev.convoy.models.Prediction.Candidate;
import dev.convoy.vision.Preprocessing;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Predictions as a JSON array with an object an image, each on a line of its own. */
final class PredictionJson implements PredictionWriter {
  private final PrintWriter out;
  private final Preprocessing recipe;
  private final JsonGenerator json;

  PredictionJson(PrintWriter out, Preprocessing recipe) {
    this.out = out;
    this.recipe = recipe;
    this.json = Json.generator(out, 1);
    json.writeStartArray();
  }

  @Override
  public void write(String file, List<Candidate> top) {
    json.writeStartObject();
    json.writeStringProperty("file", file);
    json.writeStringProperty("preprocessing", recipe.toString());
    json.writeArrayPropertyStart("predictions");
    for (Candidate c : top) {
      json.writeStartObject();
      json.writeNumberProperty("index", c.index());
      json.writeStringProperty("label", c.label());
      json.writeNumberProperty("probability", c.probability());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.flush();
  }

  @Override
  public void close() {
    json.writeEndArray();
    json.close();
    out.println();
    out.flush();
  }
}
