package dev.convoy.cli;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.plan.Backends;
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

  /** The names of the backends present, for completion and help texts. */
  public static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Backends.names().iterator();
    }
  }

  /** The backend asked for, or the best one. */
  public Backend backend() {
    return backend == null ? Backends.best() : Backends.named(backend);
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
