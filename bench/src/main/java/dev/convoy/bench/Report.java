package dev.convoy.bench;

import dev.convoy.TextTable;
import dev.convoy.cli.Json;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/**
 * A table of figures as text, as Markdown and as JSON.
 *
 * @param name of the files it is saved in
 * @param title what it shows, in words
 * @param headings of the columns; one that starts with {@code >} aligns to the right
 */
record Report(
    String name, String title, Machine machine, List<String> headings, List<? extends Row> rows) {
  private static final MathContext DIGITS = new MathContext(6);

  /** One line of it. */
  interface Row {
    /** A text for every heading. */
    List<String> cells();

    /** Strings, numbers, null, and lists of such objects. */
    Map<String, Object> json();

    /** What is to be said below the table, or nothing. */
    default String note() {
      return "";
    }
  }

  /** The table without the machine. */
  String text() {
    TextTable table = new TextTable(headings.toArray(String[]::new));
    rows.forEach(row -> table.row(row.cells().toArray(String[]::new)));
    return table + notes().stream().map(note -> note + "\n").collect(Collectors.joining());
  }

  private List<String> notes() {
    return rows.stream().map(Row::note).filter(n -> !n.isEmpty()).distinct().toList();
  }

  /** The table under a heading, with the machine and the commit. */
  String markdown() {
    StringBuilder text = new StringBuilder("# ").append(title).append("\n\n");
    text.append(machine.header().strip().replace("\n", "  \n")).append("\n\n");
    text.append(line(headings.stream().map(h -> h.startsWith(">") ? h.substring(1) : h).toList()));
    text.append(line(headings.stream().map(h -> h.startsWith(">") ? "---:" : "---").toList()));
    rows.forEach(row -> text.append(line(row.cells())));
    notes().forEach(note -> text.append("\n").append(note.replace("\n", "\n\n")).append("\n"));
    return text.toString();
  }

  private static String line(List<String> cells) {
    List<String> escaped = cells.stream().map(cell -> cell.replace("|", "\\|")).toList();
    return "| " + String.join(" | ", escaped) + " |\n";
  }

  /** The rows as an array, each object broken into lines down to this depth. */
  String jsonRows(int depth) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.generator(text, depth)) {
      writeRows(json);
    }
    return text + "\n";
  }

  /** The machine and the rows as an object. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.generator(text, 2)) {
      json.writeStartObject();
      json.writeStringProperty("title", title);
      json.writeStringProperty("cpu", machine.cpu());
      json.writeStringProperty("isa", machine.isa());
      json.writeNumberProperty("processors", machine.processors());
      json.writeStringProperty("java", machine.java());
      json.writeStringProperty("commit", machine.commit());
      json.writeStringProperty("date", machine.date());
      json.writeName("rows");
      writeRows(json);
      json.writeEndObject();
    }
    return text + "\n";
  }

  private void writeRows(JsonGenerator json) {
    List<Object> all = new ArrayList<>();
    rows.forEach(row -> all.add(row.json()));
    write(json, all);
  }

  private static void write(JsonGenerator json, Object value) {
    if (value instanceof Map<?, ?> fields) {
      json.writeStartObject();
      fields.forEach(
          (name, field) -> {
            json.writeName(name.toString());
            write(json, field);
          });
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(element -> write(json, element));
      json.writeEndArray();
    } else if (value instanceof Double number) {
      writeNumber(json, number);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else {
      json.writeString(value.toString());
    }
  }

  /** Six digits are more than a measurement has; what is not known is null. */
  private static void writeNumber(JsonGenerator json, double number) {
    if (Double.isFinite(number)) {
      json.writeNumber(new BigDecimal(number).round(DIGITS).doubleValue());
    } else {
      json.writeNull();
    }
  }

  /** A number with three digits that count, or {@code -} if it is not known. */
  static String figure(double number) {
    if (!Double.isFinite(number)) {
      return "-";
    }
    int decimals =
        Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : Math.abs(number) >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }

  /** A share in percent, or {@code -}. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "-";
  }
}
