package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.json.JsonFactory;

/** Loading happens once a process, so each case here is a JVM of its own. */
class NativeLoadingTest {
  @TempDir Path folder;

  @BeforeEach
  void present() {
    NativeTests.assumePresent();
  }

  private List<String> probe(Map<String, String> environment, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath(), LoaderProbe.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("CONVOY_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    return output.lines().toList();
  }

  /** This module's classes and tests, and the jars that loading needs. */
  private static String classPath() {
    String target = System.getProperty("basedir") + "/target/";
    return Stream.of(Loader.class, JsonFactory.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .collect(
            Collectors.joining(
                File.pathSeparator, target + "classes:" + target + "test-classes:", ""));
  }

  @Test
  void unpacksIntoTheChosenFolderAndFindsItAgain() throws Exception {
    Map<String, String> cache = Map.of("CONVOY_CACHE", folder.resolve("new").toString());
    List<String> first = probe(cache);
    assertTrue(first.get(0).startsWith("isa "), first::toString);
    assertEquals(first, probe(cache));
    try (var files = Files.list(folder.resolve("new"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aDamagedCopyIsReplaced() throws Exception {
    Map<String, String> cache = Map.of("CONVOY_CACHE", folder.toString());
    probe(cache);
    try (var files = Files.list(folder)) {
      Files.writeString(files.findFirst().orElseThrow(), "not a library");
    }
    assertTrue(probe(cache).get(0).startsWith("isa "));
  }

  @Test
  void aFolderThatCannotBeWrittenIsPassedOverAndNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("a-file"));
    List<String> lines =
        probe(
            Map.of(
                "CONVOY_CACHE",
                file.resolve("below").toString(),
                "XDG_CACHE_HOME",
                folder.toString()));
    assertTrue(lines.get(0).startsWith("isa "), lines::toString);
    assertTrue(lines.get(1).startsWith("attempt " + file.resolve("below") + ": "), lines::toString);
    assertTrue(lines.get(2).startsWith("attempt " + folder.resolve("convoy")), lines::toString);
  }

  @Test
  void aNoexecFolderIsPassedOverAndNamed() throws Exception {
    Path noexec = Files.createDirectory(folder.resolve("noexec"));
    assumeTrue(mount(noexec), "mounting needs root");
    try {
      List<String> lines =
          probe(Map.of("CONVOY_CACHE", noexec.toString(), "XDG_CACHE_HOME", folder.toString()));
      assertTrue(lines.get(0).startsWith("isa "), lines::toString);
      assertEquals(
          "attempt " + noexec + ": the file system is mounted noexec: nothing in it can be loaded",
          lines.get(1));
    } finally {
      new ProcessBuilder("umount", noexec.toString()).start().waitFor();
    }
  }

  private static boolean mount(Path at) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "mount", "-t", "tmpfs", "-o", "noexec,size=8m", "none", at.toString())
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aLibraryNamedByPathIsTheOnlyOneTried() throws Exception {
    List<String> lines = probe(Map.of(), "-Ddev.convoy.library=" + folder.resolve("absent.so"));
    assertTrue(
        lines.get(0).startsWith("refused the library named by -Ddev.convoy.library="),
        lines::toString);
    assertEquals(1, lines.stream().filter(line -> line.startsWith("suppressed ")).count());
    assertTrue(lines.contains("best reference"), lines::toString);
  }

  @Test
  void theCapIsObeyed() throws Exception {
    assertEquals("isa portable", probe(Map.of("CONVOY_MAX_ISA", "portable")).get(0));
  }

  @Test
  void anUnknownInstructionSetIsAnError() throws Exception {
    List<String> lines = probe(Map.of("CONVOY_MAX_ISA", "avx9000"));
    String line = lines.get(0);
    assertTrue(
        line.startsWith("refused ") && line.contains("avx9000") && line.contains("portable"), line);
    assertTrue(lines.contains("best " + line), lines::toString); // and no other backend instead
  }
}
