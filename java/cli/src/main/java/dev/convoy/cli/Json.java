package dev.convoy.cli;

import java.io.Writer;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** How results look as JSON. */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private Json() {}

  /**
   * A generator that leaves {@code out} open.
   *
   * @param depth how many levels are broken into lines; what is deeper stands on one line, which
   *     suits {@code grep} and eyes
   */
  public static JsonGenerator generator(Writer out, int depth) {
    PrettyPrinter printer = new LineBreaks(depth);
    return FACTORY.createGenerator(
        new ObjectWriteContext.Base() {
          @Override
          public PrettyPrinter getPrettyPrinter() {
            return printer;
          }

          @Override
          public boolean hasPrettyPrinter() {
            return true;
          }
        },
        out);
  }

  /** Writes numbers on one line, whatever the depth: {@code "input": [1, 28, 28]}. */
  public static void array(JsonGenerator json, String name, int[] values) {
    json.writeName(name);
    json.writeRawValue(Arrays.toString(values));
  }

  /** Two spaces a level down to a depth, below that no breaks at all. */
  private static final class LineBreaks implements PrettyPrinter {
    private final int depth;
    private int level;

    LineBreaks(int depth) {
      this.depth = depth;
    }

    private void open(JsonGenerator json, char bracket) {
      json.writeRaw(bracket);
      level++;
    }

    private void close(JsonGenerator json, int entries, char bracket) {
      boolean broken = level <= depth && entries > 0;
      level--;
      if (broken) {
        indent(json);
      }
      json.writeRaw(bracket);
    }

    private void entry(JsonGenerator json, boolean first) {
      if (!first) {
        json.writeRaw(',');
      }
      if (level <= depth) {
        indent(json);
      } else if (!first) {
        json.writeRaw(' ');
      }
    }

    private void indent(JsonGenerator json) {
      json.writeRaw('\n');
      json.writeRaw("  ".repeat(level));
    }

    @Override
    public void writeStartObject(JsonGenerator json) {
      open(json, '{');
    }

    @Override
    public void writeEndObject(JsonGenerator json, int entries) {
      close(json, entries, '}');
    }

    @Override
    public void writeStartArray(JsonGenerator json) {
      open(json, '[');
    }

    @Override
    public void writeEndArray(JsonGenerator json, int values) {
      close(json, values, ']');
    }

    @Override
    public void beforeObjectEntries(JsonGenerator json) {
      entry(json, true);
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) {
      entry(json, false);
    }

    @Override
    public void beforeArrayValues(JsonGenerator json) {
      entry(json, true);
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) {
      entry(json, false);
    }

    @Override
    public void writeObjectNameValueSeparator(JsonGenerator json) {
      json.writeRaw(": ");
    }

    @Override
    public void writeRootValueSeparator(JsonGenerator json) {
      json.writeRaw('\n');
    }
  }
}
