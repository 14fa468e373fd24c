package dev.convoy.bench;

import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.cli.ArchitectureConverter;
import dev.convoy.cli.BackendOptions;
import dev.convoy.cli.WeightOptions;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Isa;
import dev.convoy.models.Architecture;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which networks are measured, and how; a picocli mixin. */
final class WorkOptions {
  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      completionCandidates = ArchitectureConverter.Names.class,
      description = "Names out of 'convoy models'.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      description = "Images of a run, one or several numbers (default: 1).")
  private List<Integer> batches = List.of(1);

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Threads of a run, one or several numbers (default: 1).")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "fast (default), compact: less memory, or exact: one documented order of additions.")
  private Mode mode = Mode.FAST;

  @Option(
      names = "--isa",
      paramLabel = "ISA",
      description = "Kernels of ${COMPLETION-CANDIDATES} (default: the best of this machine).")
  private @Nullable Isa isa;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "About how long each row is measured (default: ${DEFAULT-VALUE}).")
  private double seconds = 5;

  @Mixin private WeightOptions weights = new WeightOptions();

  private List<Architecture> architectures = List.of();

  /** One row to measure. */
  record Case(Workload workload, CompileOptions options) {
    int batch() {
      return options.maxBatch();
    }

    int threads() {
      return options.threads();
    }

    @Override
    public String toString() {
      return "%s, batch %d, %d %s"
          .formatted(workload.name(), batch(), threads(), threads() == 1 ? "thread" : "threads");
    }
  }

  /** Finds the networks, refuses what cannot be measured. */
  void check(CommandSpec spec) {
    checkNumbers(spec);
    // Not by picocli: of a list it takes a word that does not convert for the end, and says
    // nothing.
    architectures = models.stream().map(name -> architecture(spec, name)).toList();
  }

  /**
   * The convolutions of the networks, and of files of {@link ConvShape shapes} and {@link
   * InvertedResidual blocks} that stand in their places; refuses what cannot be measured.
   */
  List<Workload> layers(CommandSpec spec) {
    checkNumbers(spec);
    require(!weights.given(), spec, "--weights goes with whole networks");
    List<Workload> layers = new ArrayList<>();
    for (String model : models) {
      if (InvertedResidual.matches(model)) {
        layers.add(Workload.of(model, InvertedResidual.parse(model).network()));
        continue;
      }
      boolean file = model.endsWith(".txt");
      String name = file ? String.valueOf(Path.of(model).getFileName()).replace(".txt", "") : model;
      List<ConvShape> shapes =
          file
              ? ConvShape.read(Path.of(model))
              : ConvShape.of(architecture(spec, model).network().graph());
      shapes.forEach(shape -> layers.add(Workload.of(name + " " + shape.name(), shape.network())));
    }
    return layers;
  }

  private void checkNumbers(CommandSpec spec) {
    require(!models.isEmpty(), spec, "which MODEL? 'convoy models' lists them");
    require(!weights.given() || models.size() == 1, spec, "--weights goes with one MODEL");
    require(seconds > 0 && seconds < 1e6, spec, "--seconds must be positive, got " + seconds);
    for (int batch : batches) {
      require(batch > 0, spec, "--batch must be at least 1, got " + batch);
    }
    for (int count : threads) {
      BackendOptions.checkThreads(count, spec);
    }
  }

  private static Architecture architecture(CommandSpec spec, String name) {
    try {
      return new ArchitectureConverter().convert(name);
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  static void require(boolean holds, CommandSpec spec, String rule) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }

  /** Those asked for; without weights they get made-up ones, always the same. */
  List<Workload> workloads(CommandSpec spec) {
    PrintWriter err = spec.commandLine().getErr();
    return architectures.stream()
        .map(model -> Workload.of(model.name(), weights.orMadeUp(model, err)))
        .toList();
  }

  /** The weight files that have been read. */
  List<Path> files() {
    return weights.files();
  }

  /** Every combination of threads and batch. */
  List<CompileOptions> combinations() {
    List<CompileOptions> combinations = new ArrayList<>();
    for (int count : threads) {
      for (int batch : batches) {
        combinations.add(new CompileOptions(batch, mode, count));
      }
    }
    return combinations;
  }

  List<Case> cases(Workload workload) {
    return combinations().stream().map(options -> new Case(workload, options)).toList();
  }

  /** The native backend for the instruction set asked for. */
  CpuBackend nativeBackend() {
    return isa == null ? CpuBackend.create() : CpuBackend.of(isa);
  }

  /** Whether there is one case only. */
  boolean isOne() {
    return architectures.size() == 1 && combinations().size() == 1;
  }

  @Nullable Isa isa() {
    return isa;
  }

  double seconds() {
    return seconds;
  }
}
