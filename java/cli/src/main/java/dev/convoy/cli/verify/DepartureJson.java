package dev.convoy.cli.verify;

import dev.convoy.cli.Json;
import dev.convoy.cli.Version;
import dev.convoy.verify.Departure;
import dev.convoy.verify.NodeComparison;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** What a comparison of two backends found, as JSON: a line a node. */
final class DepartureJson {
  private DepartureJson() {}

  static void write(Departure departure, String model, PrintWriter out) {
    try (JsonGenerator json = Json.generator(out, 2)) {
      json.writeStartObject();
      json.writeStringProperty("convoy", Version.convoy());
      json.writeStringProperty("model", model);
      json.writeBooleanProperty("passed", departure.first().isEmpty());
      json.writeStringProperty(
          "first_departure", departure.first().map(NodeComparison::node).orElse(""));
      json.writeStringProperty("verdict", departure.verdict());
      nodes(json, "described", departure.described());
      nodes(json, "optimised", departure.optimised());
      nodes(json, "whole", List.of(departure.whole()));
      json.writeEndObject();
    }
    out.println();
  }

  private static void nodes(JsonGenerator json, String name, List<NodeComparison> nodes) {
    json.writeArrayPropertyStart(name);
    for (NodeComparison node : nodes) {
      json.writeStartObject();
      json.writeStringProperty("node", node.node());
      json.writeStringProperty("operation", node.operation());
      json.writeStringProperty("algorithm", node.algorithm());
      json.writeBooleanProperty("departs", node.departs());
      json.writeNumberProperty("position", node.position());
      json.writeNumberProperty("error", node.error());
      json.writeNumberProperty("absmax", node.absmax());
      json.writeNumberProperty("ulps", node.ulps());
      json.writeNumberProperty("tolerance", node.tolerance().bound());
      json.writeStringProperty("rule", node.tolerance().rule());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
