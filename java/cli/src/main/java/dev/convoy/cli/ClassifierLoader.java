package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.models.Architecture;
import dev.convoy.models.Classifier;
import dev.convoy.models.Models;
import java.nio.file.Path;
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
    if (weights != null) {
      return model.load(weights, backend, options);
    }
    if (hasOwnWeights(model)) {
      return model.classifier(Models.digitWeights(), model.recipe(), backend, options);
    }
    return model.load(WeightFinder.offline(model).find(null), backend, options);
  }

  /** Whether weights come with Convoy. */
  public static boolean hasOwnWeights(Architecture model) {
    return model.name().equals(Models.lenet5().name());
  }
}
