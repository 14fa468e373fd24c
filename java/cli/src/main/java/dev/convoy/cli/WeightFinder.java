package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.models.Architecture;
import dev.convoy.models.PublishedWeights;
import dev.convoy.models.WeightCache;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weight file of a network: the one given, else a published one in the current folder or
 * the cache, else downloaded, if that is allowed.
 */
final class WeightFinder {
  /** Fetches a file into the cache. */
  @FunctionalInterface
  interface Fetch {
    Path fetch(PublishedWeights weights);
  }

  private final Architecture model;
  private final WeightCache cache;
  private final @Nullable Fetch fetch;

  private WeightFinder(Architecture model, WeightCache cache, @Nullable Fetch fetch) {
    this.model = model;
    this.cache = cache;
    this.fetch = fetch;
  }

  /** Never touches the network. */
  static WeightFinder offline(Architecture model) {
    return new WeightFinder(model, WeightCache.standard(), null);
  }

  /** Downloads what is not here. */
  static WeightFinder downloading(Architecture model, URI mirror, DownloadProgress progress) {
    WeightCache cache = WeightCache.standard();
    return new WeightFinder(model, cache, weights -> cache.fetch(weights, mirror, progress));
  }

  /**
   * A file that exists, or a path that was given and is of no published file.
   *
   * @param wanted a path, a name such as {@code IMAGENET1K_V2}, or null for the default weights
   * @throws ConvoyException naming every place where it is not
   */
  Path find(@Nullable String wanted) {
    List<Path> places = new ArrayList<>();
    PublishedWeights published;
    if (wanted == null || (PublishedWeights.isName(wanted) && !Files.exists(path(wanted)))) {
      published = named(wanted);
    } else {
      Path given = path(wanted);
      List<PublishedWeights> meant = ofFile(given);
      if (meant.isEmpty() || (Files.exists(given) && !isCached(given, meant.get(0)))) {
        return given;
      }
      published = meant.get(0);
      places.add(given);
    }
    Path here = Path.of(published.file());
    if (!places.contains(here)) {
      places.add(here);
    }
    for (Path place : places) {
      if (Files.isRegularFile(place) && !isCached(place, published)) {
        return place;
      }
    }
    if (fetch != null) {
      return fetch.fetch(published); // also checks what the cache has
    }
    Path cached = cache.path(published);
    if (Files.isRegularFile(cached)) {
      return cached;
    }
    places.add(cached);
    throw new ConvoyException(notFound(published, places));
  }

  /**
   * What to say of a file that was found and does not load: the cure if it is a damaged one of the
   * cache, else nothing.
   */
  String advice(Path found) {
    return ofFile(found).stream()
        .filter(weights -> isCached(found, weights) && !cache.isSound(weights))
        .findFirst()
        .map(
            weights ->
                "\nIts SHA-256 does not begin with %s, so it is damaged: delete it, or add --download to fetch it again"
                    .formatted(weights.sha256Prefix()))
        .orElse("");
  }

  private boolean isCached(Path file, PublishedWeights weights) {
    return file.toAbsolutePath().equals(cache.path(weights));
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new ConvoyException("--weights is empty: give a file or the name of published weights");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConvoyException("--weights: '" + text + "' is no path: " + e.getReason(), e);
    }
  }

  private PublishedWeights named(@Nullable String name) {
    if (PublishedWeights.of(model).isEmpty()) {
      throw new ConvoyException(
          model
              + " comes without weights and none are published: give a file of your own (.safetensors or .pth) with"
              + " --weights FILE");
    }
    return PublishedWeights.named(model, name == null ? "DEFAULT" : name);
  }

  /** The model's published weights whose file has exactly this name. */
  private List<PublishedWeights> ofFile(Path given) {
    Path name = given.getFileName();
    return PublishedWeights.of(model).stream()
        .filter(w -> name != null && w.file().equals(name.toString()))
        .toList();
  }

  private String notFound(PublishedWeights weights, List<Path> places) {
    StringBuilder text =
        new StringBuilder(
            "%s needs a weight file: %s is not in any of".formatted(model, described(weights)));
    places.forEach(place -> text.append("\n  ").append(place.toAbsolutePath().normalize()));
    text.append(
        "\nAdd --download to fetch it from %s into the last one, or get it and name it: --weights FILE"
            .formatted(PublishedWeights.ORIGIN));
    String others =
        PublishedWeights.of(model).stream()
            .filter(w -> !w.equals(weights))
            .map(w -> "\n  --weights " + w.name() + ": " + described(w))
            .collect(Collectors.joining());
    return text.append(others.isEmpty() ? "" : "\nAlso published:" + others).toString();
  }

  private static String described(PublishedWeights weights) {
    return String.format(
        Locale.ROOT,
        "%s (%s, top-1 %.2f %%, top-5 %.2f %%)",
        weights.file(),
        weights.name(),
        weights.top1(),
        weights.top5());
  }
}
