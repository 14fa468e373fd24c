package dev.convoy.cpu;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendUnavailableException;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.cpu.internal.Native;
import dev.convoy.cpu.internal.NativeLoader;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.CacheSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hand-tuned C++ kernels for one instruction set. Thread-safe; all computing threads belong to one
 * process-wide pool as large as {@link Runtime#availableProcessors()}, up to 256.
 */
public final class CpuBackend implements Backend {
  private static final String NATIVE = "native";
  private static final String AUTO = "auto";
  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private final Isa isa;
  private final String name;
  private final boolean byEstimate;
  private final List<Accelerator> accelerators;
  private final Slicer slicer;
  private final Tuned tuning;

  /**
   * Decides how many images of a batch pass through which nodes at a time; bands pass through
   * convolutions only that algorithms of ours take.
   */
  interface Slicer {
    BatchSlicing slice(Graph graph, int batch, int threads, IntPredicate ours);
  }

  /** What was found out about a network's layers before it is compiled. */
  private interface Tuned {
    Tuned NOTHING = (backend, network) -> Map.of();

    /** The algorithms that nodes, by name, have to take. */
    Map<String, String> algorithms(CpuBackend backend, Compilation network);

    /** What to say where those cannot be taken. */
    default UnsupportedGraphException refused(UnsupportedGraphException e) {
      return e;
    }
  }

  /** What a plan says that was saved. */
  private record Planned(Tuning plan) implements Tuned {
    @Override
    public Map<String, String> algorithms(CpuBackend backend, Compilation network) {
      plan.requireMadeUnder(Tuning.circumstances(backend, network.options()));
      return network.planned(plan);
    }

    @Override
    public UnsupportedGraphException refused(UnsupportedGraphException e) {
      return new UnsupportedGraphException(
          plan.title() + " cannot be followed; make it again with --save-plan: " + e.getMessage());
    }
  }

  private CpuBackend(
      Isa isa,
      String name,
      boolean byEstimate,
      List<Accelerator> accelerators,
      Slicer slicer,
      Tuned tuning) {
    this.isa = isa;
    this.name = name;
    this.byEstimate = byEstimate;
    this.accelerators = accelerators;
    this.slicer = slicer;
    this.tuning = tuning;
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
    return of(
        isa,
        (graph, batch, threads, ours) ->
            BatchSlicing.of(graph, batch, threads, cacheSizes(), ours));
  }

  static CpuBackend of(Isa isa, Slicer slicer) {
    Isa detected = Isa.detected();
    if (isa.compareTo(detected) > 0) {
      throw new NativeException("this machine has no " + isa + ", its best is " + detected);
    }
    NativeCall.check(Native.convoy_pool_start(poolThreads()));
    return new CpuBackend(isa, NATIVE, false, List.of(), slicer, Tuned.NOTHING);
  }

  /**
   * The same, whose layers go to the accelerator where it takes them.
   *
   * @throws dev.convoy.backend.BackendUnavailableException if it does not load
   */
  public CpuBackend accelerated(Accelerator accelerator) {
    accelerator.load();
    return new CpuBackend(
        isa, accelerator.name(), false, List.of(accelerator), slicer, Tuned.NOTHING);
  }

  /**
   * The same, choosing for every layer among its own algorithms and those of all accelerators on
   * the class path the one that is estimated to be the quickest. Of an accelerator that does not
   * load a warning says why, once; the others take its place.
   */
  public CpuBackend auto() {
    System.Logger log = System.getLogger(CpuBackend.class.getName());
    return auto(Accelerator.present(), text -> log.log(System.Logger.Level.WARNING, text));
  }

  CpuBackend auto(List<Accelerator> present, Consumer<String> warn) {
    List<Accelerator> loaded = new ArrayList<>();
    for (Accelerator accelerator : present) {
      try {
        accelerator.load();
        loaded.add(accelerator);
      } catch (BackendUnavailableException e) {
        if (WARNED.add(accelerator.name())) {
          warn.accept("computing without it: " + e.getMessage());
        }
      }
    }
    return new CpuBackend(isa, AUTO, true, List.copyOf(loaded), slicer, Tuned.NOTHING);
  }

  /**
   * The same, measuring all algorithms of this backend when it meets a layer for the first time on
   * this machine, inside its network. That takes some seconds a network; winners are kept in {@code
   * $CONVOY_CACHE} or {@code ~/.cache/convoy}, by CPU, instruction set, threads and versions.
   */
  public CpuBackend tuned() {
    return with((backend, network) -> new Tuner(backend).algorithms(network));
  }

  /**
   * The same, with the algorithms of a plan that was saved. Compiling then refuses a plan of
   * another machine, version, batch, mode or network, and says in what it differs.
   */
  public CpuBackend planned(Tuning plan) {
    return with(new Planned(plan));
  }

  private CpuBackend with(Tuned other) {
    return new CpuBackend(isa, name, byEstimate, accelerators, slicer, other);
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
    return name;
  }

  @Override
  public Executable compile(Graph graph, ParameterSource parameters, CompileOptions options) {
    checkBuffers(graph, options.maxBatch());
    String preference = preference(byEstimate);
    Compilation network = new Compilation(isa, graph, parameters, options, preference, slicer);
    Map<String, String> required = tuning.algorithms(this, network);
    try {
      return network.build(preference, required);
    } catch (UnsupportedGraphException e) {
      throw tuning.refused(e);
    }
  }

  /** As many threads as there are processors, where the pool can have so many. */
  static int poolThreads() {
    return Math.min(Runtime.getRuntime().availableProcessors(), Native.CONVOY_MAX_THREADS);
  }

  /** Threads of the pool that a run of a program with these options uses. */
  static int threads(CompileOptions options) {
    int all = Native.convoy_pool_threads();
    return options.threads() == 0 ? all : Math.min(all, options.threads());
  }

  private static CacheSizes cacheSizes() {
    return new CacheSizes(Native.convoy_cache_bytes(2), Native.convoy_cache_bytes(3));
  }

  /** Whose algorithms are asked, as convoy_program_prefer takes it. */
  String preference(boolean estimated) {
    List<String> families = new ArrayList<>(accelerators.stream().map(Accelerator::name).toList());
    families.add(estimated ? 0 : families.size(), NATIVE);
    return (estimated ? "auto:" : "") + String.join(",", families);
  }

  /** Those that this backend may use. */
  List<Accelerator> accelerators() {
    return accelerators;
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
