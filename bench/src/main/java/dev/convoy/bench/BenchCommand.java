package dev.convoy.bench;

import dev.convoy.backend.Backend;
import dev.convoy.cli.BackendOptions;
import dev.convoy.cli.Command;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cli.OutputFiles;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.plan.Backends;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench}: the speed of networks and of their layers. */
@CommandLine.Command(
    name = "bench",
    description = "Measure networks: images per second, latencies, time of every layer.",
    subcommands = {
      CompareCommand.class,
      BackendsCommand.class,
      StartCommand.class,
      CallersCommand.class,
      KernelsCommand.class,
      ShapesCommand.class
    },
    footer = {
      "Examples:",
      "  convoy bench resnet50 --batch 1,8 --layers",
      "  convoy bench resnet50 --backend auto --tune",
      "  convoy bench compare resnet50 vgg16 --batch 1,8 --threads 1,2",
      "  convoy bench backends resnet50 googlenet",
      "  convoy bench resnet50 --roofline roofline.png",
      "  convoy bench resnet50 --layers --roofline --save",
      "  convoy bench start resnet50 --batch 32",
      "  convoy bench callers resnet50 --threads 2",
      "  convoy bench kernels",
      "  convoy bench shapes resnet50"
    })
public final class BenchCommand implements Command {
  private static final String NATIVE = "native";
  private static final double PEAK_SECONDS = 0.1;
  private static final String AMONG_RESULTS = "";

  @Mixin private final WorkOptions work = new WorkOptions();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      completionCandidates = BackendOptions.Names.class,
      description = "What computes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String backendName = NATIVE;

  @Option(
      names = "--tune",
      description = "Measure every algorithm of every layer before, once on this machine.")
  private boolean tune;

  @Option(names = "--layers", description = "Also measure every layer.")
  private boolean layers;

  @Option(
      names = "--roofline",
      arity = "0..1",
      fallbackValue = AMONG_RESULTS,
      paramLabel = "FILE",
      description = {
        "Also measure every layer and the bandwidth of caches and memory, and draw both: a PNG.",
        "For one MODEL, batch and number of threads. Without FILE it goes where --save writes."
      })
  private @Nullable String roofline;

  @Mixin private final OutputOptions output = new OutputOptions();

  @Mixin private final OutputFiles pictures = new OutputFiles();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    work.check(spec);
    boolean fast = backendName.equals(NATIVE);
    WorkOptions.require(work.isa() == null || fast, spec, "--isa goes with the native backend");
    WorkOptions.require(
        roofline == null || (fast && work.isOne()),
        spec,
        "--roofline goes with the native backend, one MODEL, one --batch and one --threads");
    WorkOptions.require(
        !AMONG_RESULTS.equals(roofline) || output.saves(),
        spec,
        "--roofline wants a FILE, or --save beside it");
    Backend backend = fast ? work.nativeBackend() : Backends.named(backendName);
    if (tune) {
      WorkOptions.require(
          backend instanceof CpuBackend, spec, "--tune goes with a backend that has algorithms");
      backend = ((CpuBackend) backend).tuned();
    }
    Machine machine = Machine.here(backend instanceof CpuBackend cpu ? cpu.isa().toString() : "-");
    List<NetworkRow> rows = new ArrayList<>();
    List<Workload> workloads = work.workloads(spec);
    if (roofline != null && !roofline.equals(AMONG_RESULTS)) {
      pictures.check(Path.of(roofline), OutputFiles.Kind.PNG, work.files());
    }
    for (Workload workload : workloads) {
      for (WorkOptions.Case one : work.cases(workload)) {
        OutputOptions.progress(spec, one.toString());
        rows.add(measure(one, backend));
      }
    }
    output.hand(
        new Report("networks", "Speed of networks", machine, NetworkRow.HEADINGS, rows), 3, spec);
    for (NetworkRow row : rows) {
      if (!row.layers().isEmpty()) {
        output.handDetail(layerReport(row, machine), spec);
      }
    }
    if (roofline != null) {
      draw(rows.get(0), machine, roofline);
    }
    return ExitStatus.OK;
  }

  private NetworkRow measure(WorkOptions.Case one, Backend backend) {
    try (ConvoyRunner runner = new ConvoyRunner(one.workload(), backend, one.options())) {
      Measurement speed = Measurement.of(List.of(runner), one.batch(), work.seconds()).get(0);
      List<LayerRow> steps =
          layers || roofline != null
              ? LayerRow.measure(runner, one.batch(), work.seconds(), one.threads() * peak(backend))
              : List.of();
      return new NetworkRow(
          one.workload().name(),
          one.batch(),
          one.threads(),
          backend.name(),
          one.options().mode().name().toLowerCase(Locale.ROOT),
          speed,
          steps);
    }
  }

  private void draw(NetworkRow row, Machine machine, String file) {
    Path picture =
        file.equals(AMONG_RESULTS)
            ? output.results().place(machine).resolve(caseName("roofline", row) + ".png")
            : Path.of(file);
    CpuBackend backend = work.nativeBackend();
    double peak = row.threads() * peak(backend);
    new Roofline(row, machine, peak, Bandwidth.measure(backend, row.threads())).write(picture);
    PrintWriter err = spec.commandLine().getErr();
    err.println("wrote " + picture);
    err.flush();
  }

  /** GFLOP/s of one thread; NaN for a backend that cannot tell. */
  private static double peak(Backend backend) {
    if (!(backend instanceof CpuBackend cpu)) {
      return Double.NaN;
    }
    double[] peaks = new double[5];
    for (int i = 0; i < peaks.length; i++) {
      peaks[i] = cpu.measurePeak(PEAK_SECONDS);
    }
    return Statistics.median(peaks);
  }

  /** Of a file about one row. */
  private static String caseName(String what, NetworkRow row) {
    return "%s-%s-batch%d-threads%d".formatted(what, row.network(), row.batch(), row.threads());
  }

  private static Report layerReport(NetworkRow row, Machine machine) {
    return new Report(
        caseName("layers", row),
        "Layers of %s, batch %d, %d threads".formatted(row.network(), row.batch(), row.threads()),
        machine,
        LayerRow.HEADINGS,
        row.layers());
  }
}
