package dev.convoy.cli;

import dev.convoy.Printable;
import dev.convoy.TextTable;
import dev.convoy.models.Architecture;
import dev.convoy.models.PublishedWeights;
import dev.convoy.models.Recognition;
import dev.convoy.weights.WeightFile;
import dev.convoy.weights.WeightFile.StoredTensor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code convoy inspect}: what is in a weight file? */
@CommandLine.Command(
    name = "inspect",
    description =
        "List the tensors of a weight file (keys, types, shapes, sizes) and say what network it looks like.",
    footer = {
      "Nothing in the file is executed, and no value is read.",
      "",
      "Examples:",
      "  convoy inspect resnet50-0676ba61.pth",
      "  convoy inspect model.safetensors --json",
      "",
      "Exit status: 0 the file is sound, 2 wrong usage or file."
    })
public final class InspectCommand implements Command {
  @Parameters(paramLabel = "FILE", description = "Safetensors, or what torch.save wrote.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    WeightFile weights = WeightFile.inspect(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      writeJson(weights, out);
    } else {
      print(weights, out);
    }
    out.flush();
    return ExitStatus.OK;
  }

  /** The networks that it may be of, by name. */
  private static List<String> networks(WeightFile weights) {
    return Recognition.of(weights.shapes()).stream().map(Architecture::name).toList();
  }

  private static long elements(StoredTensor tensor) {
    return tensor.shape().stream().reduce(1L, (a, b) -> a * b);
  }

  private static void print(WeightFile weights, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %s, %,d bytes%n",
        Printable.of(weights.path().toString()),
        weights.format(),
        weights.bytes());
    line(out, "State dict under: ", weights.wrapper());
    line(out, "Every key begins with: ", weights.prefix());
    line(out, "Looks like: ", String.join(" or ", networks(weights)));
    PublishedWeights.of(weights.path())
        .ifPresent(
            w -> line(out, "By its name: ", w.architecture() + " " + w.name() + ", " + w.recipe()));
    weights.metadata().forEach((key, value) -> line(out, "Metadata: ", key + " = " + value));
    out.println();
    TextTable table = new TextTable("Key", "Type", "Shape", ">Elements", ">Bytes");
    Map<String, Long> types = new TreeMap<>();
    long elements = 0;
    long bytes = 0;
    for (StoredTensor tensor : weights.tensors()) {
      table.row(
          Printable.of(tensor.key()),
          tensor.dtype(),
          tensor.shape().stream().map(String::valueOf).collect(Collectors.joining("x")),
          String.format(Locale.ROOT, "%,d", elements(tensor)),
          String.format(Locale.ROOT, "%,d", tensor.bytes()));
      types.merge(tensor.dtype(), 1L, Long::sum);
      elements += elements(tensor);
      bytes += tensor.bytes();
    }
    out.print(table);
    out.println();
    out.printf(
        Locale.ROOT,
        "%,d tensors, %,d elements, %,d bytes: %s%n",
        weights.tensors().size(),
        elements,
        bytes,
        types.entrySet().stream()
            .map(type -> type.getValue() + " of " + type.getKey())
            .collect(Collectors.joining(", ")));
  }

  private static void line(PrintWriter out, String title, String text) {
    if (!text.isEmpty()) {
      out.println(title + Printable.of(text));
    }
  }

  private static void writeJson(WeightFile weights, PrintWriter out) {
    try (JsonGenerator generator = Json.generator(out, 2)) {
      generator.writeStartObject();
      generator.writeStringProperty("file", weights.path().toString());
      generator.writeStringProperty("format", weights.format().toString());
      generator.writeNumberProperty("bytes", weights.bytes());
      generator.writeStringProperty("wrapper", weights.wrapper());
      generator.writeStringProperty("prefix", weights.prefix());
      generator.writeArrayPropertyStart("looks_like");
      networks(weights).forEach(generator::writeString);
      generator.writeEndArray();
      generator.writeObjectPropertyStart("metadata");
      weights.metadata().forEach(generator::writeStringProperty);
      generator.writeEndObject();
      generator.writeNumberProperty(
          "elements", weights.tensors().stream().mapToLong(InspectCommand::elements).sum());
      generator.writeArrayPropertyStart("tensors");
      for (StoredTensor tensor : weights.tensors()) {
        generator.writeStartObject();
        generator.writeStringProperty("key", tensor.key());
        generator.writeStringProperty("dtype", tensor.dtype());
        generator.writeName("shape");
        generator.writeRawValue(tensor.shape().toString());
        generator.writeNumberProperty("bytes", tensor.bytes());
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
    out.println();
  }
}
