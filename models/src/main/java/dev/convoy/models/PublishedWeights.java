package dev.convoy.models;

import dev.convoy.vision.Filter;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A weight file that torchvision publishes, with the recipe that belongs to it.
 *
 * @param architecture the name in the {@link Catalog}
 * @param name {@code IMAGENET1K_V1} or {@code IMAGENET1K_V2}
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

  /** Those of one architecture, the default one first. */
  public static List<PublishedWeights> of(Architecture architecture) {
    return ALL.stream()
        .filter(w -> w.architecture.equals(architecture.name()))
        .sorted((a, b) -> Boolean.compare(b.isDefault, a.isDefault))
        .toList();
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
