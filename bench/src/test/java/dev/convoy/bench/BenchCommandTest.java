package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.cli.Convoy;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.NativeLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

final class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Convoy.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  private static void assumeNative() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built without native kernels");
  }

  /** Names of the fields of the array's first object, outermost level only. */
  private static List<String> fields(String json) {
    List<String> names = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      assertEquals(JsonToken.START_ARRAY, parser.nextToken());
      assertEquals(JsonToken.START_OBJECT, parser.nextToken());
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        names.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    }
    return names;
  }

  private static Stream<CommandLine> withSubcommands(CommandLine line) {
    return Stream.concat(
        Stream.of(line),
        line.getSubcommands().values().stream().flatMap(BenchCommandTest::withSubcommands));
  }

  /** A list of commands shows the first line of each description. */
  @Test
  void descriptionsBeginWithASentenceAndParametersHaveNames() {
    withSubcommands(Convoy.commandLine())
        .forEach(
            line -> {
              CommandLine.Model.CommandSpec spec = line.getCommandSpec();
              String first = spec.usageMessage().description()[0];
              assertTrue(first.endsWith("."), spec.qualifiedName() + ": " + first);
              spec.options()
                  .forEach(
                      option ->
                          assertTrue(
                              option.arity().max() == 0 || !option.paramLabel().startsWith("<"),
                              spec.qualifiedName() + " " + option.longestName()));
            });
  }

  @Test
  void printsSpeedLatenciesAndLayers() {
    int status = run("bench", "lenet5", "--backend", "reference", "--layers", "--seconds", "0.05");
    assertEquals(ExitStatus.OK, status, err.toString());
    String text = out.toString();
    assertTrue(text.matches("(?s).*images/s +p50 ms +p90 ms +p99 ms .*"), text);
    assertTrue(text.contains("Layers of lenet5, batch 1, 1 threads"), text);
    assertTrue(text.matches("(?s).* ms +share +GFLOP/s +of peak +GB/s\n.*"), text);
    assertTrue(text.lines().anyMatch(line -> line.startsWith("conv1 ")), text);
    assertTrue(text.contains("commit "), text);
  }

  @Test
  void jsonIsAnArrayOfRows() {
    int status =
        run(
            "bench",
            "lenet5",
            "--backend",
            "reference",
            "--layers",
            "--batch",
            "2",
            "--seconds",
            "0.05",
            "--json");
    assertEquals(ExitStatus.OK, status, err.toString());
    assertEquals(
        List.of(
            "network",
            "batch",
            "threads",
            "precision",
            "backend",
            "mode",
            "imagesPerSecond",
            "p50Millis",
            "p90Millis",
            "p99Millis",
            "runs",
            "rounds",
            "layers"),
        fields(out.toString()));
  }

  @Test
  void everyBatchIsARow() {
    run("bench", "lenet5", "--backend", "reference", "--batch", "1,3", "--seconds", "0.02");
    assertEquals(
        2,
        out.toString().lines().filter(line -> line.startsWith("lenet5 ")).count(),
        out.toString());
  }

  @Test
  void nativeLayersHaveAShareOfThePeak() {
    assumeNative();
    int status = run("bench", "lenet5", "--layers", "--seconds", "0.05");
    assertEquals(ExitStatus.OK, status, err.toString());
    assertTrue(
        out.toString().lines().anyMatch(l -> l.startsWith("conv1 ") && l.contains(" %")),
        out.toString());
  }

  @Test
  void aRooflineReplacesNoOtherFile(@TempDir Path folder) throws IOException {
    assumeNative();
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--roofline", notes.toString()));
    assertTrue(err.toString().contains(notes + " is there already and is no PNG image"));
    assertEquals("mine", Files.readString(notes));
  }

  @Test
  void comparesWithPeersAndSaves(@TempDir Path folder) {
    assumeNative();
    int status =
        run("bench", "compare", "lenet5", "--seconds", "0.1", "--json", "--save=" + folder);
    assertEquals(ExitStatus.OK, status, err.toString());
    assertEquals(
        List.of(
            "network",
            "batch",
            "threads",
            "precision",
            "convoy",
            "onnxruntime",
            "onednn",
            "ratioOnnxRuntime",
            "ratioOneDnn",
            "minRatioOnnxRuntime",
            "minRatioOneDnn",
            "rounds",
            "maxAbsDiff",
            "maxRelDiff"),
        fields(out.toString()));
    Path place = folder.resolve(Machine.here("-").slug());
    assertTrue(Files.exists(place.resolve("compare.json")), err.toString());
    assertTrue(Files.exists(place.resolve("compare.md")), err.toString());
  }

  private static Path ownShape(Path folder, String shape) throws IOException {
    return Files.writeString(folder.resolve("own.txt"), "# one shape\n" + shape + "\n");
  }

  @Test
  void comparesLayersOfNetworksAndFiles(@TempDir Path folder) throws IOException {
    assumeNative();
    Path file = ownShape(folder, "depthwise ic32 ih9 oc32 g32 kh3 ph1");
    int status =
        run("bench", "compare", "--layers", "lenet5", file.toString(), "--seconds", "0.01");
    assertEquals(ExitStatus.OK, status, err.toString());
    for (String layer : List.of("lenet5 conv1", "lenet5 conv3", "own depthwise")) {
      assertTrue(out.toString().lines().anyMatch(l -> l.startsWith(layer + " ")), out.toString());
    }
    assertFalse(out.toString().contains("no figure"), out.toString());
  }

  @Test
  void comparesBackendsAndTheirTunedChoice(@TempDir Path folder) {
    assumeNative();
    NativeLibrary.file();
    System.setProperty("dev.convoy.cache", folder.resolve("cache").toString());
    try {
      int status =
          run("bench", "backends", "lenet5", "--seconds", "0.1", "--json", "--save=" + folder);
      assertEquals(ExitStatus.OK, status, err.toString());
    } finally {
      System.clearProperty("dev.convoy.cache");
    }
    assertEquals(
        List.of(
            "network",
            "batch",
            "threads",
            "precision",
            "native",
            "onednn",
            "openblas",
            "best",
            "accelerated",
            "auto",
            "ratioAuto",
            "tuned",
            "ratioTuned",
            "rounds"),
        fields(out.toString()));
    Path place = folder.resolve(Machine.here("-").slug());
    assertTrue(Files.exists(place.resolve("backends.md")), err.toString());
  }

  @Test
  void comparesBackendsOnLayers(@TempDir Path folder) throws IOException {
    assumeNative();
    Path file = ownShape(folder, "small ic32 ih9 oc32 kh3 ph1");
    int status =
        run("bench", "backends", "--layers", file.toString(), "--seconds", "0.01", "--json");
    assertEquals(ExitStatus.OK, status, err.toString());
    assertEquals(
        List.of(
            "layer",
            "batch",
            "threads",
            "precision",
            "native",
            "onednn",
            "openblas",
            "best",
            "choice",
            "auto",
            "ratioAuto",
            "rounds"),
        fields(out.toString()));
  }

  @Test
  void tunesBeforeItMeasures(@TempDir Path folder) throws IOException {
    assumeNative();
    NativeLibrary.file();
    System.setProperty("dev.convoy.cache", folder.toString());
    try (Stream<Path> nothing = Files.list(folder)) {
      assertEquals(0, nothing.count());
      assertEquals(
          ExitStatus.OK, run("bench", "lenet5", "--tune", "--seconds", "0.05"), err.toString());
    } finally {
      System.clearProperty("dev.convoy.cache");
    }
    try (Stream<Path> kept = Files.list(folder)) {
      assertEquals(1, kept.count());
    }
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--backend", "reference", "--tune"));
    assertTrue(err.toString().contains("--tune goes with a backend"), err.toString());
  }

  @Test
  void aShapeThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
    assumeNative();
    Path file = ownShape(folder, "conv1 ic3 zz4");
    assertEquals(ExitStatus.USAGE, run("bench", "compare", "--layers", file.toString()));
    assertTrue(err.toString().contains("own.txt: shape conv1: what is zz4?"), err.toString());
  }

  @Test
  void measuresKernelsBesideThePeak() {
    assumeNative();
    assertEquals(
        ExitStatus.OK,
        run("bench", "kernels", "--k", "16,20", "--seconds", "0.001"),
        err.toString());
    assertTrue(out.toString().contains("kernel"), out.toString());
    assertTrue(out.toString().contains("portable"), out.toString());
    assertTrue(out.toString().contains("of peak"), out.toString());
  }

  @Test
  void manyCallersBringNoFurtherThreads() {
    assumeNative();
    assertEquals(
        ExitStatus.OK,
        run(
            "bench",
            "callers",
            "lenet5",
            "--callers",
            "1,16",
            "--seconds",
            "0.2",
            "--threads",
            "2"),
        err.toString());
    Pattern row = Pattern.compile("(?m)^lenet5 +1 +2 +(1|16) +[0-9.]+ .* (\\d+)$");
    List<Integer> others =
        row.matcher(out.toString()).results().map(m -> Integer.parseInt(m.group(2))).toList();
    assertEquals(2, others.size(), out.toString());
    assertTrue(others.get(1) <= others.get(0) + 4, out.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "callers", "lenet5", "--callers", "0"));
    assertTrue(err.toString().contains("--callers must be 1 to 1024, got 0"), err.toString());
  }

  @Test
  void drawsAmongTheResults(@TempDir Path folder) throws IOException {
    assumeNative();
    int status = run("bench", "lenet5", "--seconds", "0.05", "--roofline", "--save=" + folder);
    assertEquals(ExitStatus.OK, status, err.toString());
    try (Stream<Path> files = Files.walk(folder)) {
      assertTrue(
          files.anyMatch(file -> file.endsWith("roofline-lenet5-batch1-threads1.png")),
          err.toString());
    }
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertEquals(ExitStatus.USAGE, run("bench"));
    assertTrue(err.toString().contains("which MODEL?"), err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--batch", "0"));
    assertTrue(err.toString().contains("--batch must be at least 1, got 0"), err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--threads", "100000"));
    assertTrue(err.toString().contains("--threads must be 1 to "), err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--seconds", "NaN"));
    assertTrue(err.toString().contains("--seconds must be positive"), err.toString());
    assertEquals(
        ExitStatus.USAGE, run("bench", "lenet5", "--backend", "reference", "--isa", "avx2"));
    assertTrue(err.toString().contains("--isa goes with the native backend"), err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--batch", "1,2", "--roofline", "x.png"));
    assertTrue(err.toString().contains("--roofline goes with"), err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "--roofline"));
    assertTrue(err.toString().contains("--roofline wants a FILE, or --save"), err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "lenet6"));
    assertTrue(
        err.toString().contains("there is no model 'lenet6'; did you mean lenet5?"),
        err.toString());
    assertEquals(ExitStatus.USAGE, run("bench", "lenet5", "vgg16", "--weights", "x.safetensors"));
    assertTrue(err.toString().contains("--weights goes with one MODEL"), err.toString());
  }
}
