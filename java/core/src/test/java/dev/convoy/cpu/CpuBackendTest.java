package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendContract;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.Execution;
import dev.convoy.backend.Mode;
import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.cpu.internal.Native;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.optimize.AssignLayout;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.CacheSizes;
import dev.convoy.optimize.MemoryPlan;
import dev.convoy.optimize.PartsInPlace;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract of every backend, on each instruction set that this machine has, and what is the
 * native one's own.
 */
class CpuBackendTest {
  private static CpuBackend on(Isa isa) {
    NativeTests.assumePresent();
    assumeTrue(Isa.available().contains(isa), "this machine has no " + isa);
    return CpuBackend.of(isa);
  }

  @Nested
  class Portable extends BackendContract {
    @Override
    protected Backend backend() {
      return on(Isa.PORTABLE);
    }
  }

  @Nested
  class Avx2 extends BackendContract {
    @Override
    protected Backend backend() {
      return on(Isa.AVX2);
    }
  }

  @Nested
  class Avx512 extends BackendContract {
    @Override
    protected Backend backend() {
      return on(Isa.AVX512);
    }
  }

  @Nested
  class Auto extends BackendContract {
    @Override
    protected Backend backend() {
      NativeTests.assumePresent();
      return CpuBackend.create().auto();
    }
  }

  /** Every layer with two images at a time, from memory that two slices share. */
  @Nested
  class Sliced extends BackendContract {
    @Override
    protected Backend backend() {
      NativeTests.assumePresent();
      return CpuBackend.of(
          Isa.best(),
          (graph, batch, threads, ours) ->
              new BatchSlicing(
                  List.of(new BatchSlicing.Segment(0, graph.nodes().size(), Math.min(2, batch)))));
    }
  }

  /** Whatever can go in bands, a row at a time. */
  @Nested
  class Banded extends BackendContract {
    @Override
    protected Backend backend() {
      NativeTests.assumePresent();
      return CpuBackend.of(Isa.best(), CpuBackendTest::rowByRow);
    }
  }

  private static BatchSlicing rowByRow(Graph graph, int batch, int threads, IntPredicate ours) {
    return BatchSlicing.of(graph, batch, threads, new CacheSizes(64, 1 << 20), ours);
  }

  /**
   * Two blocks of MobileNet v2, the second with a residual, and one with squeeze-and-excitation.
   */
  private static final Graph BLOCKS =
      Network.of(
              Shape.chw(20, 33, 31),
              net -> {
                Net narrow = block(net, "first", 40, 2, 24);
                Net wide =
                    depthwise(block(narrow, "second", 72, 1, 24).add(narrow), "third", 72, 2);
                Net factors = wide.globalAveragePool("squeeze").conv("excite", 72, 1).sigmoid();
                return wide.multiply(factors).conv("third.project", 24, 1);
              })
          .graph();

  private static Net block(Net net, String name, int wide, int stride, int out) {
    return depthwise(net, name, wide, stride).conv(name + ".project", out, 1);
  }

  private static Net depthwise(Net net, String name, int wide, int stride) {
    Conv2d depthwise = Conv2d.of(wide, 3).stride(stride).padding(1).groups(wide);
    return net.conv(name + ".expand", wide, 1).relu6().conv(name + ".depthwise", depthwise).relu6();
  }

  @ParameterizedTest
  @CsvSource({"1, 8", "1, 11", "1, 14", "1, 17", "2, 8", "2, 11", "2, 14", "2, 17"})
  void bandsChangeNoBit(int threads, int cacheBits) {
    NativeTests.assumePresent();
    CacheSizes caches = new CacheSizes(1L << cacheBits, 1 << 20);
    ParameterSource parameters = GoldenNumbers.of(BLOCKS, 1, Map.of());
    CompileOptions options = new CompileOptions(5, Mode.FAST, threads);
    CpuBackend whole =
        CpuBackend.of(Isa.best(), (graph, b, t, ours) -> BatchSlicing.whole(graph, b));
    CpuBackend banded =
        CpuBackend.of(
            Isa.best(), (graph, b, t, ours) -> BatchSlicing.of(graph, b, 1, caches, ours));
    float[][] inputs = {GoldenNumbers.signed("images", 5 * 20 * 33 * 31)};
    try (Plan one = Plan.compile(BLOCKS, parameters, whole, options);
        Plan other = Plan.compile(BLOCKS, parameters, banded, options)) {
      assertTrue(
          other.explain().matches("(?s).*\nbands of \\d+ rows:\nfirst.expand .*"), other::explain);
      for (int batch = 1; batch <= 5; batch++) {
        float[][] expected = {new float[5 * 24 * 9 * 8]};
        float[][] outputs = {new float[5 * 24 * 9 * 8]};
        one.run(batch, inputs, expected);
        other.run(batch, inputs, outputs);
        assertArrayEquals(expected, outputs, "batch " + batch);
      }
    }
  }

  private static final Graph RELU = Network.of(Shape.chw(3, 4, 4), Net::relu).graph();

  @Test
  void aPlanTellsItsMemory() {
    NativeTests.assumePresent();
    Network network = Network.of(Shape.chw(16, 8, 8), net -> net.conv("c", Conv2d.of(16, 3)));
    ParameterSource parameters = GoldenNumbers.of(network.graph(), 1, Map.of());
    long[] runs = new long[2];
    for (int i = 0; i < runs.length; i++) {
      CompileOptions options = CompileOptions.DEFAULT.maxBatch(1 + 7 * i).threads(1);
      Plan plan = Plan.compile(network.graph(), parameters, CpuBackend.create(), options);
      long weights = plan.weightBytes();
      assertTrue(weights >= (16 * 16 * 9 + 16) * Float.BYTES, () -> weights + " bytes");
      runs[i] = plan.runBytes();
      plan.close();
      assertEquals(weights, plan.weightBytes());
      assertThrows(IllegalStateException.class, plan::runBytes);
    }
    long images = 7 * (16 * 8 * 8 + 16 * 6 * 6) * Float.BYTES;
    assertTrue(runs[1] >= runs[0] + images, () -> runs[0] + " and " + runs[1]);
  }

  @Test
  void anExecutableIsNotFreedUnderItsExecutions() {
    Executable executable =
        on(Isa.PORTABLE).compile(RELU, NativeTests.NO_PARAMETERS, CompileOptions.DEFAULT);
    Execution execution = executable.open();
    assertEquals(
        "1 executions are still open: close them first",
        assertThrows(IllegalStateException.class, executable::close).getMessage());
    execution.close();
    execution.close();
    executable.close();
    executable.close();
    assertThrows(IllegalStateException.class, executable::open);
    assertThrows(
        IllegalStateException.class,
        () -> execution.run(1, new float[][] {new float[48]}, new float[][] {new float[48]}));
  }

  @Test
  @Timeout(120)
  void manyCallersShareOnePool() throws Exception {
    try (Plan plan = Crowd.plan(CpuBackend.of(on(Isa.PORTABLE).isa()))) {
      long further = Crowd.of(64).run(plan);
      assertEquals(CpuBackend.poolThreads() - 1, Crowd.threads("convoy pool"));
      assertTrue(further <= 8, further + " further threads"); // the JVM's own come and go
    }
  }

  /** Here for want of a signature, else for want of memory. */
  @Test
  @SuppressWarnings("NullAway")
  void anExecutionThatFailsToOpenIsNotCounted() {
    Isa isa = on(Isa.PORTABLE).isa();
    Graph graph = new AssignLayout().apply(RELU);
    BatchSlicing slicing = BatchSlicing.whole(graph, 1);
    PartsInPlace parts = PartsInPlace.of(graph);
    MemoryPlan memory = MemoryPlan.of(graph, parts, 1, slicing);
    Native.convoy_program program =
        Native.convoy_program_create(
            NativeCall.code(isa), NativeCall.code(Mode.FAST), 1, 1, memory.arenaFloats());
    new Lowering(graph, NativeTests.NO_PARAMETERS, slicing, memory, program, Map.of()).run();
    NativeExecutable executable = new NativeExecutable(graph, parts, slicing, null, program);
    assertThrows(NullPointerException.class, executable::open);
    executable.close();
  }

  /** Buffers over native memory end at 2^31 bytes: known at compile time, not in the first run. */
  @Test
  void inputsBeyondABufferAreRefusedWhenCompiling() {
    Graph graph = Network.of(Shape.chw(3, 224, 224), net -> net.maxPool(2)).graph();
    CpuBackend backend = on(Isa.PORTABLE);
    UnsupportedGraphException refused =
        assertThrows(
            UnsupportedGraphException.class,
            () ->
                backend.compile(
                    graph, NativeTests.NO_PARAMETERS, CompileOptions.DEFAULT.maxBatch(4096)));
    assertEquals(
        "'input': 4096 images of 3x224x224 do not fit in a buffer of 2^31 bytes:"
            + " compile for at most 3566 images",
        refused.getMessage());
  }

  @Test
  void aModelTooLargeForMemoryIsRefusedNotFatal() {
    Graph huge =
        Network.of(Shape.chw(16, 1, 1), net -> net.resizeNearest(40_000, 40_000).maxPool(40_000))
            .graph();
    CpuBackend backend = on(Isa.PORTABLE);
    RuntimeException refused =
        assertThrows(
            RuntimeException.class,
            () -> {
              try (Executable e =
                  backend.compile(
                      huge, NativeTests.NO_PARAMETERS, CompileOptions.DEFAULT.maxBatch(1000))) {
                e.open().close();
              }
            });
    assertEquals(
        true,
        refused instanceof NativeException || refused instanceof ShapeException,
        refused::toString);
  }
}
