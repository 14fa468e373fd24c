package dev.convoy.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.cpu.NativeTests;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library is loaded once a process, so each time here is a JVM of its own. */
class DamagedLibraryTest {
  @TempDir Path cache;

  /** Says what it loads. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      System.out.println("loaded " + new OpenBlas().load().description());
    }
  }

  private String probe() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Probe.class.getName());
    builder.environment().put("CONVOY_CACHE", cache.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  /** Of the same size, which is all that is looked at before it is loaded. */
  @Test
  void aDamagedCopyIsUnpackedAgain() throws Exception {
    NativeTests.assumePresent();
    String sound = probe();
    assertTrue(sound.contains("loaded "), sound);
    Path library;
    try (var files = Files.list(cache)) {
      library =
          files
              .filter(file -> file.toString().endsWith("libopenblas.so.0"))
              .findAny()
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
      file.write(new byte[64]);
    }
    assertEquals(sound, probe());
  }
}
