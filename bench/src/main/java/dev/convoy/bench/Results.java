package dev.convoy.bench;

import dev.convoy.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder in which reports are kept: one folder a processor, two files a report. */
record Results(Path folder) {
  private static final Path INSIDE = Path.of("bench", "results");

  /** {@code bench/results} of the checkout around the current folder. */
  static Results ofCheckout() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.isRegularFile(p.resolve(".mvn/maven.config"))
          && Files.isDirectory(p.resolve("bench"))) {
        return new Results(p.resolve(INSIDE));
      }
    }
    throw new BenchException(
        "there is no Convoy checkout around the current folder: name a folder with --save=FOLDER");
  }

  /** The folder of a machine's processor. */
  Path place(Machine machine) {
    return folder.resolve(machine.slug());
  }

  /** Writes {@code <processor>/<name>.json} and {@code .md}; returns them. */
  List<Path> save(Report report) {
    Path place = place(report.machine());
    Path json = place.resolve(report.name() + ".json");
    Path markdown = place.resolve(report.name() + ".md");
    try {
      Files.createDirectories(place);
      Files.writeString(json, report.json());
      Files.writeString(markdown, report.markdown());
    } catch (IOException e) {
      throw new BenchException("the results in " + place + ": " + FileFailure.writing(e), e);
    }
    return List.of(json, markdown);
  }
}
