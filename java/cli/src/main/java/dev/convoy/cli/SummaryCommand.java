package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.FileFailure;
import dev.convoy.cli.OutputFiles.Kind;
import dev.convoy.diagram.Diagram;
import dev.convoy.models.Architecture;
import dev.convoy.nn.Network;
import dev.convoy.nn.Summary;
import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code convoy summary}: a network's layers as a table. */
@CommandLine.Command(
    name = "summary",
    description =
        "Print a network's layers: sizes, parameters, multiply-accumulates; or draw them.",
    footer = {
      "Examples:",
      "  convoy summary vgg16",
      "  convoy summary resnet50 --input 320x320 --classes 10",
      "  convoy summary lenet5 --json",
      "  convoy summary googlenet --svg googlenet.svg"
    })
public final class SummaryCommand implements Command {
  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--input",
      paramLabel = "SHAPE",
      description = "Another size of image: HxW or CxHxW.")
  private @Nullable String input;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Another number of classes; auto: as many as the published network has.")
  private @Nullable String classes;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw the network into this file as well, as SVG.")
  private @Nullable Path svg;

  @Mixin private OutputFiles outputs = new OutputFiles();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (svg != null) {
      outputs.check(svg, Kind.SVG, List.of());
    }
    Architecture architecture = WeightOptions.withClasses(model.architecture(), classes);
    Network network = architecture.network(shape());
    PrintWriter out = spec.commandLine().getOut();
    if (svg != null) {
      draw(network, svg);
    }
    if (json) {
      writeJson(network, out);
    } else {
      out.print(network.summary());
    }
    out.flush();
    return ExitStatus.OK;
  }

  private void draw(Network network, Path file) {
    String title =
        String.format(
            Locale.ROOT,
            "%s: %,d parameters, %,d multiply-accumulates an image",
            model.architecture().title(),
            network.parameters(),
            network.macs());
    try {
      Files.writeString(file, Diagram.of(network.graph()).svg(title));
    } catch (IOException e) {
      throw new ConvoyException(file + ": " + FileFailure.writing(e), e);
    }
  }

  private Shape shape() {
    if (input == null) {
      return model.architecture().input();
    }
    if (!input.matches("[1-9][0-9]{0,6}([xX][1-9][0-9]{0,6}){1,2}")) {
      throw new ParameterException(
          spec.commandLine(),
          "--input must be HxW or CxHxW, such as 224x224 or 3x224x224, got '" + input + "'");
    }
    String[] dims = input.split("[xX]", -1);
    int last = dims.length - 1;
    return Shape.chw(
        last == 2 ? Integer.parseInt(dims[0]) : model.architecture().input().channels(),
        Integer.parseInt(dims[last - 1]),
        Integer.parseInt(dims[last]));
  }

  private void writeJson(Network network, PrintWriter out) {
    Summary summary = network.summary();
    try (JsonGenerator generator = Json.generator(out, 2)) {
      generator.writeStartObject();
      generator.writeStringProperty("model", model.architecture().name());
      Json.array(generator, "input", network.input().toArray());
      Json.array(generator, "output", network.output().toArray());
      generator.writeNumberProperty("parameters", summary.parameters());
      generator.writeNumberProperty("statistics", summary.statistics());
      generator.writeNumberProperty("macs", summary.macs());
      generator.writeArrayPropertyStart("layers");
      for (Summary.Row row : summary.rows()) {
        writeRow(generator, row);
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
    out.println();
  }

  private static void writeRow(JsonGenerator json, Summary.Row row) {
    json.writeStartObject();
    json.writeStringProperty("name", row.name());
    json.writeStringProperty("layer", row.layer());
    json.writeNumberProperty("maps", row.maps());
    json.writeStringProperty("size", row.size());
    json.writeStringProperty("kernel", row.kernel());
    json.writeStringProperty("stride", row.stride());
    json.writeStringProperty("padding", row.padding());
    json.writeStringProperty("activation", row.activation());
    json.writeNumberProperty("parameters", row.parameters());
    json.writeNumberProperty("macs", row.macs());
    json.writeEndObject();
  }
}
