package dev.convoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder for files that peers want; deleted with them when it is closed. */
record TemporaryFolder(Path path) implements AutoCloseable {
  TemporaryFolder() {
    this(create());
  }

  private static Path create() {
    try {
      return Files.createTempDirectory("convoy-bench");
    } catch (IOException e) {
      throw new BenchException("no temporary folder: " + e, e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(path);
    } catch (IOException e) {
      throw new BenchException("cannot delete " + path + ": " + e, e);
    }
  }
}
