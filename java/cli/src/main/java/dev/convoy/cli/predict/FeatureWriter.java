package dev.convoy.cli.predict;

import dev.convoy.Printable;
import dev.convoy.cli.Json;
import dev.convoy.tensor.Shape;
import dev.convoy.vision.Preprocessing;
import java.io.PrintWriter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * A way to write features down, image by image. {@link #close} ends the document and leaves the
 * stream open.
 */
interface FeatureWriter extends AutoCloseable {
  /** Writes one image's features, row-major. */
  void write(String file, float[] features);

  @Override
  void close();

  /** A JSON array with an object an image, each on a line of its own. */
  static FeatureWriter json(PrintWriter out, Preprocessing recipe, String layer, Shape shape) {
    JsonGenerator json = Json.generator(out, 1);
    json.writeStartArray();
    return new FeatureWriter() {
      @Override
      public void write(String file, float[] features) {
        json.writeStartObject();
        json.writeStringProperty("file", file);
        json.writeStringProperty("preprocessing", recipe.toString());
        json.writeStringProperty("layer", layer);
        Json.array(json, "shape", shape.toArray());
        json.writeArrayPropertyStart("features");
        for (float feature : features) {
          json.writeNumber(feature);
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
    };
  }

  /** Comma-separated values, a line an image and a column a feature, numbered from 0. */
  static FeatureWriter csv(PrintWriter out, Shape shape) {
    StringBuilder heading = new StringBuilder("file");
    for (int i = 0; i < shape.intSize(); i++) {
      heading.append(',').append(i);
    }
    out.print(heading.append('\n'));
    return new FeatureWriter() {
      @Override
      public void write(String file, float[] features) {
        StringBuilder line = new StringBuilder(PredictionCsv.quoted(file));
        for (float feature : features) {
          line.append(',').append(feature);
        }
        out.print(line.append('\n'));
      }

      @Override
      public void close() {
        out.flush();
      }
    };
  }

  /** For people: a line an image with its features' length and the first of them. */
  static FeatureWriter table(PrintWriter out, int fileWidth, Shape shape) {
    int width = Math.max("File".length(), fileWidth);
    String row = "%-" + width + "s  %-12s  %10s  %s%n";
    return new FeatureWriter() {
      private boolean started;

      @Override
      public void write(String file, float[] features) {
        if (!started) {
          started = true;
          out.printf(Locale.ROOT, row, "File", "Shape", "L2 norm", "First features");
        }
        double squares = 0;
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < features.length; i++) {
          squares += (double) features[i] * features[i];
          if (i < 6) {
            first.append(String.format(Locale.ROOT, i == 0 ? "%.4g" : " %.4g", features[i]));
          }
        }
        String norm = String.format(Locale.ROOT, "%.4f", Math.sqrt(squares));
        String name = Printable.of(file);
        out.printf(Locale.ROOT, row, name, shape, norm, first + (features.length > 6 ? " …" : ""));
      }

      @Override
      public void close() {
        out.flush();
      }
    };
  }
}
