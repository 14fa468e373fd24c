package dev.convoy.cpu;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.RunSignature;
import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.cpu.internal.Native;
import dev.convoy.cpu.internal.NativeLoader;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.AssignLayout;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.CacheSizes;
import dev.convoy.optimize.DropIdentities;
import dev.convoy.optimize.MemoryPlan;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hand-tuned C++ kernels for one instruction set. Thread-safe; all computing threads belong to one
 * process-wide pool as large as {@link Runtime#availableProcessors()}.
 */
public final class CpuBackend implements Backend {
  /** Decides how many images of a batch pass through which nodes at a time. */
  interface Slicer {
    BatchSlicing slice(Graph graph, int batch, int threads);
  }

  private final Isa isa;
  private final Slicer slicer;

  private CpuBackend(Isa isa, Slicer slicer) {
    this.isa = isa;
    this.slicer = slicer;
  }

  /**
   * For the best instruction set that this machine has and {@code CONVOY_MAX_ISA} allows.
   *
   * @throws NativeException if the library cannot be loaded, or the variable names no instruction
   *     set
   */
  public static CpuBackend create() {
    return of(Isa.best());
  }

  /**
   * For one instruction set.
   *
   * @throws NativeException if this machine does not have it
   */
  public static CpuBackend of(Isa isa) {
    return of(isa, (graph, batch, threads) -> BatchSlicing.of(graph, batch, threads, cacheSizes()));
  }

  static CpuBackend of(Isa isa, Slicer slicer) {
    Isa detected = Isa.detected();
    if (isa.compareTo(detected) > 0) {
      throw new NativeException("this machine has no " + isa + ", its best is " + detected);
    }
    NativeCall.check(Native.convoy_pool_start(Runtime.getRuntime().availableProcessors()));
    return new CpuBackend(isa, slicer);
  }

  public Isa isa() {
    return isa;
  }

  /** Fused multiply-adds from registers on one thread, in GFLOP/s, measured for this long. */
  public double measurePeak(double seconds) {
    double speed = Native.convoy_measure_peak(NativeCall.code(isa), seconds);
    if (speed < 0) {
      throw new NativeException(NativeCall.lastError());
    }
    return speed;
  }

  /**
   * Reading memory on the calling thread, in GB/s.
   *
   * @param bytes that are read again and again, 4 KiB to 1 GiB: what fits a cache stays there
   * @param seconds about how long to measure
   */
  public double measureReading(long bytes, double seconds) {
    double speed = Native.convoy_measure_reading(NativeCall.code(isa), bytes, seconds);
    if (speed < 0) {
      throw new NativeException(NativeCall.lastError());
    }
    return speed;
  }

  /** The GEMM micro-kernels of this instruction set. */
  public List<GemmKernel> gemmKernels() {
    return IntStream.range(0, NativeCall.check(Native.convoy_kernel_count(NativeCall.code(isa))))
        .mapToObj(index -> GemmKernel.of(isa, index))
        .toList();
  }

  /** The native library's words about the processor. */
  public static String processor() {
    NativeLoader.load();
    return Native.convoy_cpu_description().getString();
  }

  @Override
  public String name() {
    return "native";
  }

  @Override
  public Executable compile(Graph graph, ParameterSource parameters, CompileOptions options) {
    checkBuffers(graph, options.maxBatch());
    Graph laidOut = new AssignLayout().apply(new DropIdentities().apply(graph));
    BatchSlicing slicing = slicer.slice(laidOut, options.maxBatch(), threads(options));
    MemoryPlan memory = MemoryPlan.of(laidOut, options.maxBatch(), slicing);
    Native.convoy_program program =
        Native.convoy_program_create(
            NativeCall.code(isa),
            NativeCall.code(options.mode()),
            options.maxBatch(),
            options.threads(),
            memory.arenaFloats());
    if (program == null || program.isNull()) {
      throw new NativeException(NativeCall.lastError());
    }
    try {
      new Lowering(laidOut, parameters, slicing, memory, program).run();
      return new NativeExecutable(laidOut, slicing, RunSignature.of(graph, options), program);
    } catch (RuntimeException | Error e) {
      Native.convoy_program_destroy(program);
      throw e;
    }
  }

  private static int threads(CompileOptions options) {
    int all = Native.convoy_pool_threads();
    return options.threads() == 0 ? all : Math.min(all, options.threads());
  }

  private static CacheSizes cacheSizes() {
    return new CacheSizes(Native.convoy_cache_bytes(2), Native.convoy_cache_bytes(3));
  }

  /** The caller's arrays are copied through buffers, which Java limits to 2^31 bytes. */
  private static void checkBuffers(Graph graph, int maxBatch) {
    long limit = Integer.MAX_VALUE / Float.BYTES;
    Stream.concat(graph.inputs().stream(), graph.outputs().stream())
        .map(graph::node)
        .filter(node -> node.shape().size() > limit / maxBatch)
        .findFirst()
        .ifPresent(node -> refuse(node, maxBatch, limit / node.shape().size()));
  }

  private static void refuse(Node node, int maxBatch, long fitting) {
    throw new UnsupportedGraphException(
        "'%s': %d images of %s do not fit in a buffer of 2^31 bytes: %s"
            .formatted(
                node.name(),
                maxBatch,
                node.shape(),
                fitting == 0
                    ? "use smaller images"
                    : "compile for at most " + fitting + " images"));
  }
}
