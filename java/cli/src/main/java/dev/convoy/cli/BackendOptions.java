package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Tuning;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Plan;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where and how a network is computed; a picocli mixin. */
public final class BackendOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description =
          "What computes: ${COMPLETION-CANDIDATES} (default: the fastest that works here).")
  private @Nullable String backend;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "fast (default); compact: fast, but with less memory for packed weights; exact: one documented order of"
              + " additions, the same bits on every backend and machine.")
  private Mode mode = Mode.FAST;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Computing threads (default: as many as there are processors).")
  private int threads;

  @Option(
      names = "--tune",
      description =
          "Measure every algorithm of every layer, once on this machine; without --backend among all that are present.")
  private boolean tune;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description =
          "Take the algorithms of a plan that --save-plan wrote on this machine; without --backend on the plan's own.")
  private @Nullable Path plan;

  @Option(
      names = "--save-plan",
      paramLabel = "FILE",
      description = "Write which algorithm was chosen for each layer.")
  private @Nullable Path savePlan;

  /** The names of the backends present, for completion and help texts. */
  public static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Backends.names().iterator();
    }
  }

  /**
   * The backend asked for, or the best one; tuned or planned if that was asked for.
   *
   * @throws ConvoyException for options that do not go together, or a plan that cannot be read
   */
  public Backend backend() {
    Tuning planned = plan == null ? null : Tuning.read(plan);
    String name = backend;
    if (name == null && (tune || planned != null)) {
      name = planned == null ? "auto" : planned.backend();
    }
    Backend chosen = name == null ? Backends.best() : Backends.named(name);
    if (!tune && planned == null && savePlan == null) {
      return chosen;
    }
    if (!(chosen instanceof CpuBackend cpu)) {
      throw new ConvoyException(
          "--tune, --plan and --save-plan need a backend that has several algorithms, not '%s'"
              .formatted(chosen.name()));
    }
    if (tune && planned != null) {
      throw new ConvoyException("--tune and --plan exclude each other");
    }
    return tune ? cpu.tuned() : planned == null ? cpu : cpu.planned(planned);
  }

  /** Writes the plan's algorithms if that was asked for. */
  public void save(Plan compiled, Backend by) {
    if (savePlan != null && by instanceof CpuBackend cpu) {
      Tuning.of(cpu, compiled.options(), compiled.choices()).write(savePlan);
    }
  }

  /** The mode and the threads asked for, for batches of up to this many images. */
  public CompileOptions compile(int maxBatch) {
    return new CompileOptions(maxBatch, mode, threads);
  }

  /** Computing threads; 0 = as many as there are processors. */
  public int threads() {
    return threads;
  }

  public Mode mode() {
    return mode;
  }
}
