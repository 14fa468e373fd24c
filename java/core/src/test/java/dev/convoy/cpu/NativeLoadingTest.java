package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.backend.BackendProvider;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    return probe(classPath(), environment, options);
  }

  private List<String> probe(String classPath, Map<String, String> environment, String... options)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath, LoaderProbe.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
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

  /** Such as of a container that runs under a number without an entry in passwd. */
  @Test
  void aUserWithoutNameAndHomeGetsATemporaryFolder() throws Exception {
    List<String> lines =
        probe(
            Map.of("XDG_CACHE_HOME", ""),
            "-Duser.home=?",
            "-Duser.name=?",
            "-Djava.io.tmpdir=" + folder);
    assertTrue(lines.get(0).startsWith("isa "), lines::toString);
    Object user = Files.getAttribute(folder, "unix:uid");
    assertTrue(
        lines.stream().anyMatch(line -> line.startsWith("attempt " + folder + "/convoy-" + user)),
        lines::toString);
    assertFalse(Files.exists(folder.resolve("?")));
  }

  @Test
  void moreProcessorsThanThePoolTakesAreNoError() throws Exception {
    List<String> lines = probe(Map.of(), "-XX:ActiveProcessorCount=300");
    assertTrue(lines.get(0).startsWith("isa "), lines::toString);
  }

  @Test
  void buildsAreToldApartByWhatTheyHoldNotByTheirNames() throws Exception {
    probe(Map.of("CONVOY_CACHE", folder.toString()));
    Path library;
    try (var files = Files.list(folder)) {
      library = files.filter(file -> file.toString().endsWith(".so")).findFirst().orElseThrow();
    }
    Path same = Files.copy(library, folder.resolve("same.so"));
    Path other = Files.copy(library, folder.resolve("other.so"));
    Files.write(other, new byte[] {1}, StandardOpenOption.APPEND);
    assertEquals(build(library), build(same));
    assertNotEquals(build(library), build(other));
  }

  private String build(Path library) throws Exception {
    return probe(Map.of(), "-Ddev.convoy.library=" + library).stream()
        .filter(line -> line.startsWith("build "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withoutALibraryAnAcceleratorIsPassedOverToo() throws Exception {
    Path service = folder.resolve("META-INF/services/" + BackendProvider.class.getName());
    Files.createDirectories(service.getParent());
    Files.writeString(service, BrokenAccelerator.class.getName());
    List<String> lines =
        probe(
            classPath() + File.pathSeparator + folder,
            Map.of(),
            "-Ddev.convoy.library=" + folder.resolve("absent.so"));
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
