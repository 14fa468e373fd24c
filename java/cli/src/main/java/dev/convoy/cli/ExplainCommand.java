package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.Printable;
import dev.convoy.Suggestion;
import dev.convoy.backend.Backend;
import dev.convoy.cli.OutputFiles.Kind;
import dev.convoy.models.ActivationMaps;
import dev.convoy.models.ActivationMaps.ClassMap;
import dev.convoy.models.Labels;
import dev.convoy.models.NotFiniteException;
import dev.convoy.models.Pretrained;
import dev.convoy.vision.Image;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convoy explain}: where in the image was the class seen? */
@CommandLine.Command(
    name = "explain",
    description = {
      "Draw a class activation map over an image: red where the network saw the class, blue where it did not.",
      "For networks that end in global average pooling and one linear layer."
    },
    footer = {
      "Examples:",
      "  convoy explain resnet50 dog.jpg --weights resnet50-0676ba61.pth",
      "  convoy explain resnet18 dog.jpg --weights w.safetensors --class Samoyed --out samoyed.png",
      "",
      "Exit status: 0 the map is drawn, 1 the network gives NaN, 2 wrong usage, file or network."
    })
public final class ExplainCommand implements Command {
  @Mixin private ModelArgument model = new ModelArgument();

  @Parameters(index = "1", paramLabel = "IMAGE", description = "A JPEG, PNG or BMP file.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path image;

  @Mixin private WeightOptions weights = new WeightOptions();

  @Mixin private RecipeOption recipe = new RecipeOption();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "The class to explain, its number or its label (default: the likeliest).")
  private @Nullable String wanted;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The PNG to write (default: the image's name with .cam.png behind it, here).")
  private @Nullable Path out;

  @Mixin private BackendOptions computing = new BackendOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    ActivationMaps.check(model.architecture().network());
    Image photo = Image.read(image);
    Backend backend = computing.backend();
    Pretrained pretrained =
        weights.pretrained(model.architecture(), recipe, spec.commandLine().getErr());
    Path file = out == null ? Path.of(image.getFileName() + ".cam.png") : out;
    checkOutputs(file);
    try (ActivationMaps maps = pretrained.activationMaps(backend, computing.compile(1))) {
      computing.save(maps.model().plan(), backend);
      Labels labels = maps.labels();
      ClassMap seen = wanted == null ? maps.map(photo) : maps.map(photo, index(wanted, labels));
      seen.heatmap().over(photo, maps.recipe()).writePng(file);
      PrintWriter text = spec.commandLine().getOut();
      text.println(
          Printable.of(
              String.format(
                  Locale.ROOT,
                  "%s: %d %s %.4f (score %.3f), its map is in %s",
                  image,
                  seen.index(),
                  labels.name(seen.index()),
                  seen.prediction().probability(seen.index()),
                  seen.score(),
                  file)));
      text.flush();
    } catch (NotFiniteException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(Printable.of("convoy: " + image + ": " + e.getMessage()));
      err.flush();
      return ExitStatus.FAILED;
    }
    return ExitStatus.OK;
  }

  private void checkOutputs(Path map) {
    List<Path> used = new ArrayList<>(weights.files());
    used.add(image);
    computing.checkSaving(used);
    used.addAll(computing.files());
    computing.outputs().check(map, Kind.PNG, used);
  }

  /** A class by its label in any case, the first one of this name, or by its number. */
  private static int index(String wanted, Labels labels) {
    OptionalInt named =
        IntStream.range(0, labels.size())
            .filter(i -> labels.name(i).equalsIgnoreCase(wanted))
            .findFirst();
    if (named.isPresent()) {
      return named.getAsInt();
    }
    if (wanted.matches("[0-9]{1,9}")) {
      return Integer.parseInt(wanted);
    }
    List<String> near = Suggestion.near(wanted, labels.names(), 3);
    throw new ConvoyException(
        "there is no class '%s'%s"
            .formatted(
                wanted,
                near.isEmpty()
                    ? "; give its number or its label"
                    : "; did you mean " + String.join(", ", near) + "?"));
  }
}
