package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.cli.OutputFiles.Kind;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Tuning;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where and how a network is computed; a picocli mixin. */
public final class BackendOptions {
  private static final String AUTO = "auto";

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
  private @Nullable Mode mode;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Computing threads (default: as many as there are processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--tune",
      description =
          "Measure every algorithm of every layer, once on this machine; without --backend among all that are present.")
  private boolean tune;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description =
          "Take the algorithms of a plan that --save-plan wrote on this machine, and its backend, mode and batch"
              + " where no option says otherwise. It is good for one network and number of threads.")
  private @Nullable Path plan;

  private @Nullable Tuning planned;

  @Option(
      names = "--save-plan",
      paramLabel = "FILE",
      description = "Write which algorithm was chosen for each layer.")
  private @Nullable Path savePlan;

  @Mixin private OutputFiles outputs = new OutputFiles();

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

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
    if (threads != null) {
      checkThreads(threads, spec);
    }
    if (tune && plan != null) {
      throw new ParameterException(spec.commandLine(), "--tune and --plan exclude each other");
    }
    Tuning saved = planned();
    String name = backend;
    if (name == null && (tune || saved != null)) {
      name = saved == null ? AUTO : saved.backend().orElse(AUTO);
    }
    Backend chosen = name == null ? Backends.best() : Backends.named(name);
    if (!tune && saved == null && savePlan == null) {
      return chosen;
    }
    if (!(chosen instanceof CpuBackend cpu)) {
      throw new ConvoyException(
          "--tune, --plan and --save-plan need a backend that has several algorithms, not '%s'"
              .formatted(chosen.name()));
    }
    return tune ? cpu.tuned() : saved == null ? cpu : cpu.planned(saved);
  }

  private @Nullable Tuning planned() {
    if (planned == null && plan != null) {
      planned = Tuning.read(plan);
    }
    return planned;
  }

  /** Refuses a value of {@code --threads}: more than there are processors only take turns. */
  public static void checkThreads(int threads, CommandSpec spec) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (threads < 1 || threads > processors) {
      throw new ParameterException(
          spec.commandLine(),
          "--threads must be 1 to %d, the processors of this JVM, got %d"
              .formatted(processors, threads));
    }
  }

  /**
   * Refuses a plan to save where something would be destroyed.
   *
   * @param others files that the command reads
   */
  public void checkSaving(Collection<Path> others) {
    if (savePlan != null) {
      List<Path> used = new ArrayList<>(others);
      Optional.ofNullable(plan).ifPresent(used::add);
      outputs.check(savePlan, Kind.PLAN, used);
    }
  }

  /** The plans that are read and written. */
  List<Path> files() {
    return Stream.of(plan, savePlan).filter(Objects::nonNull).toList();
  }

  /** What may be written over. */
  OutputFiles outputs() {
    return outputs;
  }

  /** Writes the plan's algorithms if that was asked for. */
  public void save(Plan compiled, Backend by) {
    if (savePlan != null && by instanceof CpuBackend cpu) {
      Tuning.of(cpu, compiled.options(), compiled.choices()).write(savePlan);
    }
  }

  /**
   * How many images to compile for: no more than there are, unless a plan is saved or taken, which
   * is good for one number only, whatever the images.
   */
  public int together(BatchOption batch, int images) {
    int most = batch.size();
    Tuning saved = planned();
    if (saved != null && !batch.given()) {
      most = saved.maxBatch().orElse(most);
    }
    return saved == null && savePlan == null ? Math.max(1, Math.min(most, images)) : most;
  }

  /** The mode and the threads asked for, for batches of up to this many images. */
  public CompileOptions compile(int maxBatch) {
    return new CompileOptions(maxBatch, mode(), threads == null ? 0 : threads);
  }

  /** Computing threads: as many as there are processors, if not asked for fewer. */
  public int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private Mode mode() {
    if (mode != null) {
      return mode;
    }
    return Optional.ofNullable(planned()).flatMap(Tuning::mode).orElse(Mode.FAST);
  }
}
