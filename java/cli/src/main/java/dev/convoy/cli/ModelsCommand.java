package dev.convoy.cli;

import dev.convoy.TextTable;
import dev.convoy.models.Architecture;
import dev.convoy.models.Catalog;
import dev.convoy.models.PublishedWeights;
import dev.convoy.nn.Network;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code convoy models}: what can be named, and which published weights belong to it. */
@CommandLine.Command(
    name = "models",
    description = "List the networks, their sizes and their published weights.",
    footer = {"Examples:", "  convoy models", "  convoy models --json"})
public final class ModelsCommand implements Command {
  private static final String OWN_WEIGHTS = "included (99.36 % of MNIST's test digits)";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      writeJson(out);
    } else {
      out.print(table());
    }
    out.flush();
    return ExitStatus.OK;
  }

  private static TextTable table() {
    TextTable table =
        new TextTable(
            "Model", "Name", "Input", ">Parameters", ">MACs", "Weights (top-1 on ImageNet)");
    for (Architecture model : Catalog.all()) {
      Network network = model.network();
      table.row(
          model.name(),
          model.title(),
          model.input().toString(),
          String.format(Locale.ROOT, "%,d", network.parameters()),
          String.format(Locale.ROOT, "%,d", network.macs()),
          weights(model));
    }
    return table;
  }

  private static String weights(Architecture model) {
    List<PublishedWeights> published = PublishedWeights.of(model);
    if (WeightOptions.included(model)) {
      return OWN_WEIGHTS;
    }
    return published.isEmpty()
        ? "none published"
        : published.stream()
            .map(w -> String.format(Locale.ROOT, "%s (%.2f %%)", w.file(), w.top1()))
            .collect(Collectors.joining(", "));
  }

  private static void writeJson(PrintWriter out) {
    try (JsonGenerator generator = Json.generator(out, 2)) {
      generator.writeStartArray();
      for (Architecture model : Catalog.all()) {
        writeModel(generator, model);
      }
      generator.writeEndArray();
    }
    out.println();
  }

  private static void writeModel(JsonGenerator json, Architecture model) {
    Network network = model.network();
    json.writeStartObject();
    json.writeStringProperty("model", model.name());
    json.writeStringProperty("name", model.title());
    Json.array(json, "input", model.input().toArray());
    json.writeNumberProperty("classes", model.labels().size());
    json.writeNumberProperty("parameters", network.parameters());
    json.writeNumberProperty("macs", network.macs());
    json.writeStringProperty("preprocessing", model.recipe().toString());
    json.writeBooleanProperty("weights_included", WeightOptions.included(model));
    json.writeArrayPropertyStart("weights");
    for (PublishedWeights weights : PublishedWeights.of(model)) {
      json.writeStartObject();
      json.writeStringProperty("file", weights.file());
      json.writeStringProperty("name", weights.name());
      json.writeBooleanProperty("default", weights.isDefault());
      json.writeStringProperty("sha256_prefix", weights.sha256Prefix());
      json.writeNumberProperty("classes", weights.labels().size());
      json.writeStringProperty("preprocessing", weights.recipe().toString());
      json.writeNumberProperty("top1", weights.top1());
      json.writeNumberProperty("top5", weights.top5());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
