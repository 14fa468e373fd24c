package dev.convoy.cli.doctor;

import dev.convoy.cli.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Findings as text for people or JSON for programs. */
record DoctorReport(List<Finding> findings) {
  DoctorReport {
    findings = List.copyOf(findings);
  }

  /** What is wrong, with the cures. */
  List<String> problems() {
    return findings.stream().map(Finding::problem).filter(Objects::nonNull).distinct().toList();
  }

  private List<String> sections() {
    return findings.stream().map(Finding::section).distinct().toList();
  }

  private List<Finding> in(String section) {
    return findings.stream().filter(f -> f.section().equals(section)).toList();
  }

  void print(PrintWriter out) {
    int width = findings.stream().mapToInt(f -> f.name().length()).max().orElse(0);
    for (String section : sections()) {
      out.println(section);
      for (Finding f : in(section)) {
        out.println("  " + f.name() + " ".repeat(width - f.name().length()) + "  " + f.value());
      }
      out.println();
    }
    if (problems().isEmpty()) {
      out.println("All is well.");
    } else {
      problems().forEach(problem -> out.println("PROBLEM: " + problem));
    }
  }

  private static void write(JsonGenerator json, Finding finding) {
    Consumer<JsonGenerator> fields = finding.fields();
    if (fields == null) {
      json.writeStringProperty(finding.name(), finding.value());
    } else {
      json.writeObjectPropertyStart(finding.name());
      fields.accept(json);
      json.writeEndObject();
    }
  }

  void writeJson(PrintWriter out) {
    try (JsonGenerator json = Json.generator(out, 2)) {
      json.writeStartObject();
      json.writeBooleanProperty("ok", problems().isEmpty());
      for (String section : sections()) {
        json.writeObjectPropertyStart(section);
        in(section).forEach(f -> write(json, f));
        json.writeEndObject();
      }
      json.writeArrayPropertyStart("problems");
      problems().forEach(json::writeString);
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
  }
}
