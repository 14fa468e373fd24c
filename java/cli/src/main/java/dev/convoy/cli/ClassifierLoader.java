package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.models.Architecture;
import dev.convoy.models.Classifier;
import dev.convoy.models.Models;
import dev.convoy.models.Pretrained;
import dev.convoy.models.PublishedWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A classifier from what a command line names. */
public final class ClassifierLoader {
  private ClassifierLoader() {}

  /**
   * Loads, checks and compiles.
   *
   * @param weights a file; null for the weights that come with Convoy
   * @throws ConvoyException without a file for a network that has no weights of its own, naming the
   *     published files
   */
  public static Classifier load(
      Architecture model, @Nullable Path weights, Backend backend, CompileOptions options) {
    return pretrained(model, weights).classifier(backend, options);
  }

  /** The same before it is compiled. */
  public static Pretrained pretrained(Architecture model, @Nullable Path weights) {
    if (weights != null) {
      return model.pretrained(weights);
    }
    if (hasOwnWeights(model)) {
      return Models.pretrainedDigits();
    }
    throw new ConvoyException(noWeights(model));
  }

  /** Whether weights come with Convoy. */
  public static boolean hasOwnWeights(Architecture model) {
    return model == Models.lenet5();
  }

  private static String noWeights(Architecture model) {
    List<PublishedWeights> published = PublishedWeights.of(model);
    if (published.isEmpty()) {
      return model
          + " comes without weights and none are published: give a file of your own (.safetensors or .pth) with"
          + " --weights FILE";
    }
    return published.stream()
        .map(
            w ->
                String.format(
                    Locale.ROOT,
                    "%n  %-26s %s, top-1 %.2f %%, top-5 %.2f %%",
                    w.file(),
                    w.name(),
                    w.top1(),
                    w.top5()))
        .collect(
            Collectors.joining(
                "",
                model + " comes without weights: download one of torchvision's files,",
                String.format(
                    "%nor use a .safetensors of the same keys, and name it: convoy predict %s --weights %s IMAGE…",
                    model, published.get(0).file())));
  }
}
