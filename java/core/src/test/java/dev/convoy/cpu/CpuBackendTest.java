package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendContract;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.Execution;
import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.graph.Graph;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

  /** Every layer with two images at a time, from memory that two slices share. */
  @Nested
  class Sliced extends BackendContract {
    @Override
    protected Backend backend() {
      NativeTests.assumePresent();
      return CpuBackend.of(
          Isa.best(),
          (graph, batch, threads) ->
              new BatchSlicing(
                  List.of(new BatchSlicing.Segment(0, graph.nodes().size(), Math.min(2, batch)))));
    }
  }

  private static final Graph RELU = Network.of(Shape.chw(3, 4, 4), Net::relu).graph();

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
