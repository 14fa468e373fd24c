package dev.convoy.plan;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.Execution;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.Pass;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A graph compiled for one backend. Immutable and thread-safe: as many runs go on at once as there
 * are processors, further callers wait for their turn. Any number of them, in no certain order and
 * through interrupts: who must not wait for long lets fewer in.
 *
 * <p>The memory of a run, of its values and of what the calling thread works in, is made when it is
 * first needed and kept; a steady state allocates nothing. What other threads work in belongs to
 * them, whatever the number of runs and plans. {@link #close} waits for runs in flight and for
 * callers that wait for theirs, then frees; use after it is an {@link IllegalStateException}. A
 * plan that becomes unreachable unclosed is freed and reported as a warning; {@code
 * -Ddev.convoy.leaks=trace} adds where it was made.
 */
public final class Plan implements AutoCloseable {
  private static final String WHOLE_BATCH = "the whole batch:";

  private static final Cleaner CLEANER = Cleaner.create();

  private final Graph graph;
  private final String backend;
  private final CompileOptions options;
  private final Memory memory;
  private final Cleaner.Cleanable cleanable;

  private Plan(Graph graph, String backend, CompileOptions options, Executable executable) {
    this.graph = graph;
    this.backend = backend;
    this.options = options;
    this.memory = new Memory(executable);
    this.cleanable = CLEANER.register(this, memory);
  }

  /** Optimises the graph, then has the backend choose algorithms, pack weights and plan memory. */
  public static Plan compile(
      Graph graph, ParameterSource parameters, Backend backend, CompileOptions options) {
    Graph optimized = Pass.optimize(graph);
    return new Plan(
        optimized, backend.name(), options, backend.compile(optimized, parameters, options));
  }

  /** The optimised graph. */
  public Graph graph() {
    return graph;
  }

  public String backend() {
    return backend;
  }

  public CompileOptions options() {
    return options;
  }

  /** What was chosen for every step. */
  public List<Choice> choices() {
    return memory.executable.choices();
  }

  /** Bytes outside the Java heap that the packed weights take, once for all runs. */
  public long weightBytes() {
    return memory.executable.bytes();
  }

  /**
   * Bytes outside the Java heap that each of the runs at once takes, however small its batch: in
   * all as many times as there have been runs at once, at most the number of processors. Makes the
   * memory of a run if there is none.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public long runBytes() {
    Execution execution = memory.acquire();
    try {
      return execution.bytes();
    } finally {
      memory.release(execution);
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Computes {@code batch} images.
   *
   * @param inputs for every input of the graph at least batch × size floats
   * @param outputs for every output of the graph; receives batch × size floats
   * @throws IllegalStateException after {@link #close}
   */
  public void run(int batch, float[][] inputs, float[][] outputs) {
    Execution execution = memory.acquire();
    try {
      execution.run(batch, inputs, outputs);
    } finally {
      memory.release(execution);
      Reference.reachabilityFence(this); // else it may be freed before it has begun
    }
  }

  /** The same, measuring each of {@link #choices()} in nanoseconds. */
  public long[] profile(int batch, float[][] inputs, float[][] outputs) {
    long[] nanos = new long[choices().size()];
    Execution execution = memory.acquire();
    try {
      execution.profile(batch, inputs, outputs, nanos);
    } finally {
      memory.release(execution);
      Reference.reachabilityFence(this);
    }
    return nanos;
  }

  /** A line a step: what was chosen, its work, and what was refused and why. */
  public String explain() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s backend, %s, batch up to %d%n",
                backend,
                options.mode(),
                options.maxBatch()));
    String pace = options.maxBatch() == 1 ? WHOLE_BATCH : "";
    for (Choice choice : choices()) {
      if (!pace(choice).equals(pace)) {
        pace = pace(choice);
        text.append(pace).append('\n');
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%-32s %-44s %-28s %8.1f MMAC %9.1f kB%n",
              choice.node(),
              choice.operation(),
              choice.algorithm(),
              choice.macs() / 1e6,
              choice.bytes() / 1e3));
      choice.refused().forEach(reason -> text.append("    not ").append(reason).append('\n'));
    }
    return text.toString();
  }

  private String pace(Choice choice) {
    String images =
        choice.images() == options.maxBatch()
            ? WHOLE_BATCH
            : choice.images() + " images at a time:";
    return choice.rows() == 0 ? images : "bands of " + choice.rows() + " rows:";
  }

  @Override
  public void close() {
    memory.closedByHand = true;
    memory.free();
    cleanable.clean();
  }

  /** What a plan owns, and what is left of one that nobody closed. Must not refer to the plan. */
  private static final class Memory implements Runnable {
    private final Executable executable;
    private final UseGate gate = new UseGate("the model");
    private final Semaphore turns;
    private final ArrayBlockingQueue<Execution> idle;
    private final @Nullable Throwable made;
    private volatile boolean closedByHand;

    Memory(Executable executable) {
      this.executable = executable;
      int atOnce = Runtime.getRuntime().availableProcessors();
      this.turns = new Semaphore(atOnce);
      this.idle = new ArrayBlockingQueue<>(atOnce);
      this.made =
          "trace".equals(System.getProperty("dev.convoy.leaks"))
              ? new Throwable("made here")
              : null;
    }

    /** Waits for a turn; without memory for one more run nothing stays taken. */
    Execution acquire() {
      gate.enter();
      turns.acquireUninterruptibly();
      try {
        Execution execution = idle.poll();
        return execution != null ? execution : executable.open();
      } catch (RuntimeException | Error e) {
        turns.release();
        gate.leave();
        throw e;
      }
    }

    void release(Execution execution) {
      idle.add(execution);
      turns.release();
      gate.leave();
    }

    @Override
    public void run() {
      if (!closedByHand) {
        System.getLogger(Plan.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "a Model or Plan was garbage-collected without close(): use try-with-resources"
                    + (made == null ? " (-Ddev.convoy.leaks=trace tells where it was made)" : ""),
                made);
      }
      free();
    }

    void free() {
      if (gate.close()) {
        idle.forEach(Execution::close);
        executable.close();
      }
    }
  }
}
