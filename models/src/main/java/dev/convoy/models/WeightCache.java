package dev.convoy.models;

import dev.convoy.CacheFolders;
import dev.convoy.models.download.Download;
import dev.convoy.models.download.Listener;
import dev.convoy.models.download.Patience;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder of published weight files under their published names. Only {@link #fetch} uses the
 * network. Safe for any number of threads and processes.
 *
 * <pre>{@code
 * PublishedWeights weights = PublishedWeights.named(Models.resnet50(), "IMAGENET1K_V2");
 * Path file = WeightCache.standard().fetch(weights, PublishedWeights.ORIGIN, Listener.NONE);
 * }</pre>
 */
public record WeightCache(Path folder) {
  /** {@code weights} in {@code $CONVOY_CACHE} or {@code ~/.cache/convoy} ({@link CacheFolders}). */
  public static WeightCache standard() {
    return new WeightCache(CacheFolders.all().get(0).resolve("weights"));
  }

  /** Where the file is or would be. */
  public Path path(PublishedWeights weights) {
    return folder.resolve(weights.file());
  }

  /** The file, if it is here. */
  public Optional<Path> find(PublishedWeights weights) {
    return Optional.of(path(weights)).filter(Files::isRegularFile);
  }

  /** Whether the file is here and has its published SHA-256; reads all of it. */
  public boolean isSound(PublishedWeights weights) {
    return download(weights, PublishedWeights.ORIGIN).isThere();
  }

  /**
   * The file, downloaded if it is not here or damaged.
   *
   * @param mirror the folder to fetch from: {@link PublishedWeights#ORIGIN} or one with the same
   *     files
   * @throws dev.convoy.models.download.DownloadException if it cannot be had
   */
  public Path fetch(PublishedWeights weights, URI mirror, Listener listener) {
    return download(weights, mirror).fetch(Patience.DEFAULT, listener);
  }

  private Download download(PublishedWeights weights, URI mirror) {
    String base = mirror.toString();
    URI address = URI.create((base.endsWith("/") ? base : base + "/") + weights.file());
    return new Download(address, path(weights), weights.sha256Prefix());
  }
}
