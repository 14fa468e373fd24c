package dev.convoy.models;

import dev.convoy.ConvoyException;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A weight file that torchvision publishes, with the recipe that belongs to it.
 *
 * @param architecture the name in the {@link Catalog}
 * @param name {@code IMAGENET1K_V1}, {@code IMAGENET1K_V2}, or {@code IMAGENET1K_SWAG_…} where
 *     training began with SWAG's labels
 * @param isDefault whether torchvision calls it {@code DEFAULT}
 * @param file its name; the hex digits at its end begin its SHA-256
 * @param recipe the preprocessing of its evaluation
 * @param top1 published accuracy on ImageNet, in percent
 * @param top5 published accuracy on ImageNet, in percent
 */
public record PublishedWeights(
    String architecture,
    String name,
    boolean isDefault,
    String file,
    Preprocessing recipe,
    double top1,
    double top5) {

  /** The folder that torchvision downloads its files from; mirrors keep their names. */
  public static final URI ORIGIN = URI.create("https://download.pytorch.org/models/");

  /** The name of each architecture's best weights. */
  private static final String DEFAULT = "DEFAULT";

  /** What the names of all versions begin with. */
  private static final String IMAGENET = "IMAGENET1K_";

  /** All of them. */
  public static final List<PublishedWeights> ALL =
      Labels.lines("torchvision.tsv").stream()
          .filter(line -> !line.startsWith("#"))
          .map(PublishedWeights::parse)
          .toList();

  /** The published file of this name, whatever folder it is in and whatever its extension. */
  public static Optional<PublishedWeights> of(Path file) {
    Path name = file.getFileName();
    String stem = stem(name == null ? "" : name.toString()); // a root has none
    return ALL.stream().filter(w -> stem(w.file).equals(stem)).findFirst();
  }

  /** Those that an architecture takes, the default one first. */
  public static List<PublishedWeights> of(Architecture architecture) {
    return ALL.stream()
        .filter(w -> w.architecture.equals(architecture.publishedAs()))
        .sorted((a, b) -> Boolean.compare(b.isDefault, a.isDefault))
        .toList();
  }

  /**
   * Those of this name.
   *
   * @param name such as {@code IMAGENET1K_V1}, or {@code DEFAULT}, in any case
   * @throws ConvoyException naming those that exist
   */
  public static PublishedWeights named(Architecture architecture, String name) {
    List<PublishedWeights> published = of(architecture);
    return published.stream()
        .filter(w -> w.name.equalsIgnoreCase(name) || (w.isDefault && isDefault(name)))
        .findFirst()
        .orElseThrow(
            () ->
                new ConvoyException(
                    "there are no published weights '%s' of %s; there are %s"
                        .formatted(
                            name,
                            architecture,
                            published.isEmpty()
                                ? "none"
                                : published.stream()
                                    .map(PublishedWeights::name)
                                    .collect(Collectors.joining(", ", "DEFAULT, ", "")))));
  }

  /** Whether a word is the name of some version, published or not, rather than of a file. */
  public static boolean isName(String word) {
    return isDefault(word) || word.toUpperCase(Locale.ROOT).startsWith(IMAGENET);
  }

  private static boolean isDefault(String name) {
    return name.equalsIgnoreCase(DEFAULT);
  }

  /** The classes that they tell apart. */
  public Labels labels() {
    return Labels.IMAGENET;
  }

  /** The hex digits that the file's SHA-256 begins with: eight or ten. */
  public String sha256Prefix() {
    String stem = stem(file);
    return stem.substring(stem.lastIndexOf('-') + 1);
  }

  private static String stem(String file) {
    int dot = file.lastIndexOf('.');
    return dot < 0 ? file : file.substring(0, dot);
  }

  private static PublishedWeights parse(String line) {
    String[] f = line.split("\t", -1);
    Preprocessing recipe =
        Preprocessing.imagenet(
                Integer.parseInt(f[4]),
                Integer.parseInt(f[5]),
                Filter.valueOf(f[6].toUpperCase(Locale.ROOT)))
            .with(f[9].equals("signed") ? Normalisation.SIGNED : Normalisation.IMAGENET);
    return new PublishedWeights(
        f[0],
        f[1],
        f[2].equals("default"),
        f[3],
        recipe,
        Double.parseDouble(f[7]),
        Double.parseDouble(f[8]));
  }
}
