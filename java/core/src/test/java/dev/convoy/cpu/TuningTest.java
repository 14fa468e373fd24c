package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Window;
import dev.convoy.nn.Network;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {
  private static final CompileOptions OPTIONS = CompileOptions.DEFAULT.maxBatch(2);
  private static final Network NETWORK =
      Network.of(
          Shape.chw(16, 12, 12),
          net ->
              net.conv("a", Conv2d.of(32, 3).padding(1))
                  .relu()
                  .conv("b", 16, 1)
                  .flatten()
                  .linear("c", 10));
  private static final ParameterSource PARAMETERS = GoldenNumbers.of(NETWORK.graph(), 1, Map.of());

  @TempDir Path folder;

  @BeforeEach
  void keepTheCacheApart() {
    NativeTests.assumePresent();
    NativeLibrary.file();
    System.setProperty("dev.convoy.cache", folder.toString());
  }

  @AfterEach
  void restore() {
    System.clearProperty("dev.convoy.cache");
  }

  private static Plan compile(CpuBackend backend) {
    return Plan.compile(NETWORK.graph(), PARAMETERS, backend, OPTIONS);
  }

  private static float[] run(Plan plan) {
    float[] output = new float[20];
    float[] input = GoldenNumbers.signed("image", 2 * NETWORK.input().intSize());
    plan.run(2, new float[][] {input}, new float[][] {output});
    return output;
  }

  private static List<String> algorithms(Plan plan) {
    return plan.choices().stream().map(Choice::algorithm).toList();
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void winnersAreMeasuredOnceAndKept() throws IOException {
    Files.delete(folder); // caches are made where they are missing
    CpuBackend tuned = CpuBackend.create().tuned();
    List<String> measured;
    try (Plan plan = compile(tuned);
        Plan untuned = compile(CpuBackend.create())) {
      measured = algorithms(plan);
      assertArrayEquals(run(untuned), run(plan), 1e-4f);
    }
    Path file = cached().get(0);
    Tuning kept = Tuning.read(file);
    assertEquals(2, kept.algorithms().values().stream().filter(a -> !a.isEmpty()).count());

    // what the file says is believed: nothing is measured again
    Map<String, String> others = new TreeMap<>(kept.algorithms());
    others.replaceAll(
        (layer, algorithm) -> layer.contains("conv2d 32 3x3") ? "im2col-gemm" : algorithm);
    new Tuning(kept.circumstances(), others).write(file);
    try (Plan plan = compile(tuned)) {
      assertEquals(measured.size(), algorithms(plan).size());
      assertTrue(algorithms(plan).stream().anyMatch(a -> a.startsWith("im2col-gemm ")));
    }
    assertEquals(1, cached().size());
  }

  @Test
  void aDamagedCacheIsMeasuredAgainAndReplaced() throws IOException {
    CpuBackend tuned = CpuBackend.create().tuned();
    compile(tuned).close();
    Path file = cached().get(0);
    Tuning first = Tuning.read(file);
    Files.writeString(file, "half a li");
    compile(tuned).close();
    assertEquals(List.of(file), cached());
    assertEquals(first.circumstances(), Tuning.read(file).circumstances());
    assertEquals(first.algorithms().keySet(), Tuning.read(file).algorithms().keySet());
  }

  @Test
  void aPlanIsAFileThatOthersMayReadAsTheyMayAnyOther() throws IOException {
    Path plan = folder.resolve("root.plan");
    new Tuning(Map.of("cpu", "one"), Map.of("a", "direct")).write(plan);
    Path text = Files.writeString(folder.resolve("any.txt"), "text");
    assertEquals(Files.getPosixFilePermissions(text), Files.getPosixFilePermissions(plan));
  }

  @Test
  void aDirectoryOrAMissingPlanIsNamedWithTheCure() throws IOException {
    Tuning tuning = new Tuning(Map.of(), Map.of());
    ConvoyException directory = assertThrows(ConvoyException.class, () -> tuning.write(folder));
    assertEquals(
        "the plan " + folder + ": it is a directory; give a file name", directory.getMessage());
    assertEquals(List.of(), cached());
    ConvoyException nowhere =
        assertThrows(ConvoyException.class, () -> tuning.write(folder.resolve("no/such.plan")));
    assertTrue(String.valueOf(nowhere.getMessage()).contains("no such folder"));
    Path missing = folder.resolve("no.plan");
    ConvoyException absent = assertThrows(ConvoyException.class, () -> Tuning.read(missing));
    assertEquals(
        "the plan " + missing + ": there is no such file; check the path", absent.getMessage());
  }

  private static Tuning made(CpuBackend backend) {
    try (Plan plan = compile(backend)) {
      return Tuning.of(backend, OPTIONS, plan.choices());
    }
  }

  @Test
  void aPlanKnowsWhatItWasAskedForAndIsRefusedByAnotherBackend() {
    CpuBackend backend = CpuBackend.create();
    Tuning tuning = made(backend);
    assertEquals(Optional.of("native"), tuning.backend());
    assertEquals(Optional.of(OPTIONS.mode()), tuning.mode());
    assertEquals(OptionalInt.of(OPTIONS.maxBatch()), tuning.maxBatch());
    CpuBackend auto = backend.auto(List.of(), warning -> {}).planned(tuning);
    String refusal =
        String.valueOf(assertThrows(ConvoyException.class, () -> compile(auto)).getMessage());
    assertTrue(refusal.contains("backend: made with native, here is auto"), refusal);
  }

  @Test
  void aSavedPlanGivesTheSameBitsWithoutMeasuring() {
    CpuBackend backend = CpuBackend.create();
    Path file = folder.resolve("small.plan");
    try (Plan plan = compile(backend.tuned())) {
      Tuning.of(backend, OPTIONS, plan.choices()).write(file);
      try (Plan again = compile(backend.planned(Tuning.read(file)))) {
        assertEquals(algorithms(plan), algorithms(again));
        assertArrayEquals(run(plan), run(again));
      }
    }
  }

  /** An algorithm says of itself what it is; a plan knows it by the name it has in the list. */
  @Test
  void aSavedPlanOfEveryAlgorithmIsTakenAgain() {
    Network network =
        Network.of(
            Shape.chw(3, 36, 36),
            net ->
                net.conv("stem", Conv2d.of(32, 3).stride(2).padding(1))
                    .conv("depthwise", Conv2d.of(32, 3).padding(1).groups(32))
                    .conv("pointwise", Conv2d.of(128, 1))
                    .conv("row", Conv2d.of(128, Window.of(1, 7).padding(0, 3)))
                    .conv("column", Conv2d.of(128, Window.of(7, 1).padding(3, 0)))
                    .conv("five", Conv2d.of(128, 5).padding(2))
                    .conv("strided", Conv2d.of(128, 5).stride(2).padding(2))
                    .conv("half", Conv2d.of(128, 3).stride(2).padding(1))
                    .conv("three", Conv2d.of(128, 3).padding(1))
                    .conv("dilated", Conv2d.of(32, 3).padding(2).dilation(2))
                    .adaptiveAveragePool("pool", 2, 2)
                    .flatten()
                    .linear("classes", 10));
    ParameterSource parameters = GoldenNumbers.of(network.graph(), 1, Map.of());
    Path file = folder.resolve("all.plan");
    CpuBackend backend = CpuBackend.create();
    try (Plan plan = Plan.compile(network.graph(), parameters, backend, OPTIONS)) {
      List<String> names = plan.choices().stream().map(Choice::candidate).toList();
      assertTrue(
          names.containsAll(
              List.of("depthwise", "pointwise", "winograd-4x4", "direct", "linear", "")),
          names::toString);
      assertTrue(
          algorithms(plan).stream().anyMatch(a -> a.startsWith("winograd-1x4 ")),
          () -> algorithms(plan).toString());
      Tuning.of(backend, OPTIONS, plan.choices()).write(file);
      CpuBackend planned = backend.planned(Tuning.read(file));
      try (Plan again = Plan.compile(network.graph(), parameters, planned, OPTIONS)) {
        assertEquals(algorithms(plan), algorithms(again));
      }
    }
  }

  @Test
  void aPlanOfOtherCircumstancesIsRefusedWithTheDifference() {
    CpuBackend backend = CpuBackend.create();
    Tuning tuning = made(backend);
    Map<String, String> elsewhere = new TreeMap<>(tuning.circumstances());
    elsewhere.put("cpu", "Some Other Processor");
    CpuBackend planned = backend.planned(new Tuning(elsewhere, tuning.algorithms()));
    String refusal =
        String.valueOf(assertThrows(ConvoyException.class, () -> compile(planned)).getMessage());
    assertTrue(refusal.contains("cpu: made with Some Other Processor, here is "), refusal);
    assertTrue(!refusal.contains("isa:"), refusal);
  }

  @Test
  void aPlanOfAnotherNetworkIsRefused() {
    CpuBackend backend = CpuBackend.create();
    Tuning tuning = made(backend);
    Map<String, String> layers = new TreeMap<>(tuning.algorithms());
    layers.keySet().removeIf(layer -> layer.startsWith("b: "));
    CpuBackend planned = backend.planned(new Tuning(tuning.circumstances(), layers));
    String refusal =
        String.valueOf(assertThrows(ConvoyException.class, () -> compile(planned)).getMessage());
    assertTrue(refusal.contains("it has no layer 'b: conv2d 16 1x1"), refusal);
  }

  @Test
  void aFileThatIsNoPlanIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("x.plan"), "hello\n");
    String refusal =
        String.valueOf(assertThrows(ConvoyException.class, () -> Tuning.read(file)).getMessage());
    assertTrue(refusal.contains("x.plan is no plan"), refusal);
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    String binary =
        String.valueOf(assertThrows(ConvoyException.class, () -> Tuning.read(file)).getMessage());
    assertEquals(refusal, binary);
  }

  @Test
  void anAlgorithmThatThereIsNotNamesThePlanAndTheCure() throws IOException {
    CpuBackend backend = CpuBackend.create();
    Path file = folder.resolve("x.plan");
    made(backend).write(file);
    Files.writeString(file, Files.readString(file).replaceAll("\t[a-z].*", "\tnosuchalg"));
    CpuBackend planned = backend.planned(Tuning.read(file));
    String refusal =
        String.valueOf(assertThrows(ConvoyException.class, () -> compile(planned)).getMessage());
    assertTrue(
        refusal.startsWith(
            "the plan " + file + " cannot be followed; make it again with --save-plan: layer '"),
        refusal);
    assertTrue(refusal.contains("nosuchalg was asked for"), refusal);
  }
}
