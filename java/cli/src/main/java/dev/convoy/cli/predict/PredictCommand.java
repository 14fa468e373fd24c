package dev.convoy.cli.predict;

import dev.convoy.Printable;
import dev.convoy.backend.Backend;
import dev.convoy.cli.BackendOptions;
import dev.convoy.cli.BatchOption;
import dev.convoy.cli.Command;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cli.ModelArgument;
import dev.convoy.cli.Progress;
import dev.convoy.cli.RecipeOption;
import dev.convoy.cli.Terminal;
import dev.convoy.cli.WeightOptions;
import dev.convoy.models.Classifier;
import dev.convoy.models.FeatureExtractor;
import dev.convoy.models.Pretrained;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.vision.Preprocessing;
import dev.convoy.vision.ReadOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convoy predict}: what is on these images? */
@CommandLine.Command(
    name = "predict",
    description = "Classify images and print the likeliest classes of each.",
    footer = {
      "Images that cannot be read, or give NaN, are reported on standard error and counted; the",
      "others go on.",
      "",
      "Examples:",
      "  convoy predict lenet5 samples/digits",
      "  convoy predict efficientnet_b0 dog.jpg --download",
      "  convoy predict resnet50 --weights resnet50-0676ba61.pth dog.jpg",
      "  convoy predict resnet18 --weights flowers.pth --labels flowers.txt garden",
      "  convoy predict resnet18 --weights w.safetensors -r photos 'x/*.png' --csv",
      "  convoy predict resnet18 --weights w.safetensors --at avgpool dog.jpg --json",
      "",
      "Exit status: 0 all images classified, 1 some failed, 2 wrong usage or weights."
    })
public final class PredictCommand implements Command {
  @Mixin private ModelArgument model = new ModelArgument();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "Image files, folders of them, or patterns such as 'photos/**.jpg'. JPEG, PNG and BMP are read.")
  private List<String> images = List.of();

  @Mixin private WeightOptions weights = new WeightOptions();

  @Mixin private RecipeOption recipe = new RecipeOption();

  @Option(
      names = {"-r", "--recursive"},
      description = "Search folders with all their sub-folders.")
  private boolean recursive;

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "Classes to print for each image (default: 5).")
  private int top = 5;

  @Option(
      names = "--at",
      paramLabel = "LAYER",
      description =
          "Print what this layer gives (embeddings) instead of classes; names are those of 'convoy summary'.")
  private @Nullable String layer;

  @ArgGroup private Format format = new Format();

  @Mixin private BatchOption batch = new BatchOption(16);

  @Option(
      names = "--no-exif",
      description = "Leave photos as they lie in the file, whatever their EXIF orientation.")
  private boolean noExif;

  @Mixin private BackendOptions computing = new BackendOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** At most one of them. */
  private static final class Format {
    @Option(names = "--json", description = "Print a JSON array with one object for each image.")
    private boolean json;

    @Option(
        names = "--csv",
        description = "Print comma-separated values, a line for each image and class.")
    private boolean csv;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (layer != null && spec.commandLine().getParseResult().hasMatchedOption("--top")) {
      throw new ParameterException(
          spec.commandLine(), "--top counts classes and --at prints none: leave one of them out");
    }
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top must be at least 1, got " + top);
    }
    ImageFiles found = ImageFiles.find(images, recursive);
    PrintWriter err = spec.commandLine().getErr();
    Backend backend = computing.backend();
    int together = computing.together(batch, found.files().size());
    Pretrained pretrained = weights.pretrained(model.architecture(), recipe, err);
    computing.checkSaving(Stream.concat(weights.files().stream(), found.files().stream()).toList());
    int failed =
        layer == null
            ? classify(pretrained, backend, found, together)
            : embed(pretrained, backend, found, together);
    if (failed > 0) {
      err.println(
          "convoy: %d of %d inputs failed"
              .formatted(failed, found.files().size() + found.problems().size()));
      err.flush();
    }
    return failed == 0 ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private int classify(Pretrained pretrained, Backend backend, ImageFiles found, int together)
      throws InterruptedException {
    try (Classifier classifier = pretrained.classifier(backend, computing.compile(together));
        PredictionWriter writer = writer(classifier, found.files())) {
      computing.save(classifier.model().plan(), backend);
      BatchWork work = BatchWork.classify(classifier, top, writer);
      return run(work, classifier.recipe(), found, together);
    }
  }

  private int embed(Pretrained pretrained, Backend backend, ImageFiles found, int together)
      throws InterruptedException {
    String name = String.valueOf(layer);
    checkLayer(pretrained.network(), name);
    try (FeatureExtractor extractor =
            pretrained.features(name, backend, computing.compile(together));
        FeatureWriter writer = writer(name, extractor, found.files())) {
      computing.save(extractor.model().plan(), backend);
      BatchWork work = BatchWork.features(extractor, writer);
      return run(work, extractor.recipe(), found, together);
    }
  }

  private void checkLayer(Network network, String name) {
    try {
      network.at(name);
    } catch (ShapeException e) {
      String list = "\n'convoy summary " + model.architecture() + "' lists the layers";
      throw new ShapeException(e.getMessage() + list);
    }
  }

  /** Returns how many inputs failed. */
  private int run(BatchWork work, Preprocessing recipe, ImageFiles found, int together)
      throws InterruptedException {
    List<Path> files = found.files();
    int threads = computing.threads();
    ReadOptions reading = noExif ? ReadOptions.DEFAULT.withoutOrientation() : ReadOptions.DEFAULT;
    CommandLine line = spec.commandLine();
    PrintWriter err = line.getErr();
    found.problems().forEach(problem -> err.println("convoy: " + Printable.of(problem)));
    try (Progress progress = Progress.ofFiles(err, Terminal.isError(), "predict", files.size());
        DecodeAhead ahead =
            new DecodeAhead(files, recipe, reading, threads, 2 * (together + threads))) {
      int inputSize = recipe.outputShape().intSize();
      int failed =
          new BatchedRun(work, inputSize, together, ahead, progress, line.getOut(), err).run();
      return failed + found.problems().size();
    }
  }

  private PredictionWriter writer(Classifier classifier, List<Path> files) {
    PrintWriter out = spec.commandLine().getOut();
    if (format.json) {
      return new PredictionJson(out, classifier.recipe());
    }
    if (format.csv) {
      return new PredictionCsv(out);
    }
    return new PredictionTable(out, longest(files), classifier.labels(), top);
  }

  private FeatureWriter writer(String name, FeatureExtractor extractor, List<Path> files) {
    PrintWriter out = spec.commandLine().getOut();
    Shape shape = extractor.shape();
    if (format.json) {
      return FeatureWriter.json(out, extractor.recipe(), name, shape);
    }
    return format.csv
        ? FeatureWriter.csv(out, shape)
        : FeatureWriter.table(out, longest(files), shape);
  }

  private static int longest(List<Path> files) {
    return files.stream().mapToInt(file -> file.toString().length()).max().orElse(0);
  }
}
