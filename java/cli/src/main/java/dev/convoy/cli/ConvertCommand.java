package dev.convoy.cli;

import dev.convoy.Printable;
import dev.convoy.weights.SafetensorsWriter;
import dev.convoy.weights.Weights;
import dev.convoy.weights.WeightsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convoy convert}: a weight file as safetensors. */
@CommandLine.Command(
    name = "convert",
    description =
        "Write the weights of a PyTorch or safetensors file as safetensors, float32 or float16.",
    footer = {
      "Keys stay what they are, but for a module. before all of them. What counts training steps",
      "(num_batches_tracked) is left out.",
      "A published file that keeps its name keeps its preprocessing.",
      "",
      "Examples:",
      "  convoy convert resnet50-0676ba61.pth resnet50-0676ba61.safetensors",
      "  convoy convert flowers.pth flowers.safetensors --float16",
      "",
      "Exit status: 0 it is written, 2 wrong usage or file."
    })
public final class ConvertCommand implements Command {
  private static final String EXTENSION = ".safetensors";

  @Parameters(index = "0", paramLabel = "IN", description = "The weights to read.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The file to write; its name ends in .safetensors.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path out;

  @Option(
      names = "--float16",
      description =
          "Store half as many bytes, values rounded to 11 bits; refused where one is beyond 65504.")
  private boolean float16;

  @Option(names = "--force", description = "Replace OUT if it is there.")
  private boolean force;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (!out.toString().endsWith(EXTENSION)) {
      throw new WeightsException(
          out + ": Convoy writes safetensors; give a name that ends in " + EXTENSION);
    }
    OutputFiles.check(out, OutputFiles.Kind.WEIGHTS, force);
    String before = size(in);
    Weights weights = Weights.load(in).only(Predicate.not(Weights::isCounter));
    SafetensorsWriter writer = float16 ? SafetensorsWriter.float16() : SafetensorsWriter.float32();
    // Other readers of safetensors want to know which framework's layout the tensors have.
    writer.withMetadata(Map.of("format", "pt")).write(weights, out);
    PrintWriter results = spec.commandLine().getOut();
    results.println(
        Printable.of(
            String.format(
                Locale.ROOT,
                "%s: %d tensors, %s (%s was %s)",
                out,
                weights.names().size(),
                size(out),
                in,
                before)));
    results.flush();
    return ExitStatus.OK;
  }

  private static String size(Path file) {
    try {
      return String.format(Locale.ROOT, "%,d bytes", Files.size(file));
    } catch (IOException e) {
      return "of unknown size";
    }
  }
}
