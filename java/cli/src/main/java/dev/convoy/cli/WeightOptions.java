package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.Printable;
import dev.convoy.models.Architecture;
import dev.convoy.models.Labels;
import dev.convoy.models.Models;
import dev.convoy.models.Pretrained;
import dev.convoy.models.PublishedWeights;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.WeightsException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which weights a network has, and for which classes; a picocli mixin. */
public final class WeightOptions {
  private static final String ANY_CLASSES = "auto";

  @Option(
      names = "--weights",
      paramLabel = "FILE|NAME",
      description =
          "Weights: a safetensors file or a PyTorch state dict (.pth, .pt), or the name of published ones,"
              + " such as IMAGENET1K_V1 or DEFAULT, which is the default where weights matter.")
  private @Nullable String weights;

  @Option(
      names = "--download",
      description =
          "Fetch published weights that are neither here nor sound in the cache ($CONVOY_CACHE or ~/.cache/convoy)."
              + " Nothing else touches the network.")
  private boolean download;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "The folder to download from, with torchvision's file names (default: $CONVOY_MIRROR, else torchvision's).")
  private @Nullable String mirror;

  private final List<Path> files = new ArrayList<>();

  @ArgGroup private Classes classes = new Classes();

  /** At most one of them. */
  private static final class Classes {
    @Option(
        names = "--labels",
        paramLabel = "FILE",
        description = "Names of the classes of fine-tuned weights, one a line.")
    private @Nullable Path labels;

    @Option(
        names = "--classes",
        paramLabel = "N",
        description =
            "Number of classes of fine-tuned weights, which are then numbered; auto: as many as the weights have.")
    private @Nullable String count;
  }

  /** Whether weights come with Convoy. */
  public static boolean included(Architecture model) {
    return model == Models.lenet5();
  }

  /**
   * Finds or fetches the weights, loads and checks them.
   *
   * @param recipe how images are prepared for them
   * @param err where a download shows its progress
   * @throws ConvoyException naming what is missing or does not fit
   */
  public Pretrained pretrained(Architecture model, RecipeOption recipe, PrintWriter err) {
    Architecture labelled = labelled(model);
    if (weights == null && included(model)) {
      return labelled.pretrained(Models.digitWeights(), recipe.of(model, null));
    }
    Path file = file(model, err);
    Pretrained loaded = load(labelled, file, recipe.of(model, file));
    recipe.doubt(model, file).ifPresent(text -> err.println(Printable.of("convoy: " + text)));
    err.flush();
    return loaded;
  }

  private Pretrained load(Architecture model, Path file, Preprocessing recipe) {
    files.add(file);
    try {
      Architecture fitting = ANY_CLASSES.equals(classes.count) ? model.withClassesOf(file) : model;
      return fitting.pretrained(file, recipe);
    } catch (WeightsException e) {
      String advice = WeightFinder.offline(model).advice(file);
      throw advice.isEmpty() ? e : new WeightsException(e.getMessage() + advice, e);
    }
  }

  /** The same where weights were asked for, else made-up ones for the network as published. */
  public Weighted orMadeUp(Architecture model, PrintWriter err) {
    Architecture labelled = labelled(model);
    if (!given() && !download) {
      return Weighted.madeUp(labelled);
    }
    Path file = file(model, err);
    return Weighted.of(load(labelled, file, model.recipe(file)));
  }

  /** Whether {@code --weights} names some. */
  public boolean given() {
    return weights != null;
  }

  /** What has been read so far: not to be written over. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  private Path file(Architecture model, PrintWriter err) {
    if (!download) {
      if (mirror != null) {
        throw new ConvoyException("--mirror says where to download from: add --download");
      }
      return WeightFinder.offline(model).find(weights);
    }
    try (DownloadProgress progress = new DownloadProgress(err)) {
      return WeightFinder.downloading(model, mirror(), progress).find(weights);
    }
  }

  private URI mirror() {
    if (mirror != null && mirror.isBlank()) {
      throw new ConvoyException("--mirror is empty: give the address of a folder, or leave it out");
    }
    String environment = System.getenv("CONVOY_MIRROR");
    String chosen = mirror != null ? mirror : environment == null ? "" : environment;
    try {
      return chosen.isEmpty() ? PublishedWeights.ORIGIN : URI.create(chosen);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("the mirror '" + chosen + "' is no address: " + e.getMessage(), e);
    }
  }

  private Architecture labelled(Architecture model) {
    if (classes.labels != null) {
      files.add(classes.labels);
      return model.withLabels(Labels.read(classes.labels));
    }
    return withClasses(model, classes.count);
  }

  /** The network for as many classes as {@code --classes} says; this one for null and auto. */
  static Architecture withClasses(Architecture model, @Nullable String count) {
    if (count == null || count.equals(ANY_CLASSES)) {
      return model;
    }
    if (!count.matches("[1-9][0-9]{0,6}")) {
      throw new ConvoyException(
          "--classes must be a number of at least 1, or auto, got '" + count + "'");
    }
    return model.withClasses(Integer.parseInt(count));
  }
}
