package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What everybody has to carry stays small; accelerators are modules of their own. */
class SizeAuditTest {
  private static final long MOST_BYTES = 5_000_000;

  @Test
  void classesAndNativeLibraryTakeAtMostFiveMegabytes() throws Exception {
    Path classes =
        Path.of(CpuBackend.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      long bytes = files.filter(Files::isRegularFile).mapToLong(SizeAuditTest::size).sum();
      assertTrue(bytes <= MOST_BYTES, bytes + " bytes");
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
