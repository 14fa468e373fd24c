package dev.convoy.cli;

import dev.convoy.models.Architecture;
import dev.convoy.models.PublishedWeights;
import dev.convoy.vision.Preprocessing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says how images are prepared for the weights; a picocli mixin. */
public final class RecipeOption {
  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "Prepare images as for the published weights of this name, such as IMAGENET1K_V2 (default: as for those of"
              + " the weight file's name, else as timm's config.json beside it says, else as for the network's first ones).")
  private @Nullable String name;

  /**
   * The recipe for a weight file, null for the weights that come with the network.
   *
   * @throws dev.convoy.ConvoyException naming the published weights that exist, if others are asked
   *     for
   */
  Preprocessing of(Architecture model, @Nullable Path file) {
    if (name != null) {
      return PublishedWeights.named(model, name).recipe();
    }
    return file == null ? model.recipe() : model.recipe(file);
  }

  /** What to say where nothing told which of several published recipes is the file's. */
  Optional<String> doubt(Architecture model, Path file) {
    Map<Boolean, List<String>> names =
        PublishedWeights.of(model).stream()
            .collect(
                Collectors.partitioningBy(
                    weights -> weights.recipe().equals(model.recipe()),
                    Collectors.mapping(PublishedWeights::name, Collectors.toList())));
    List<String> others = names.getOrDefault(false, List.of());
    return name != null || Architecture.ownRecipe(file).isPresent() || others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "neither the name nor the folder of %s tells how images are prepared for it: taken is the way of %s, another is --recipe %s"
                .formatted(
                    file,
                    String.join(" and ", names.getOrDefault(true, List.of())),
                    String.join(" or ", others)));
  }
}
