package dev.convoy.bench;

import dev.convoy.backend.Backend;
import dev.convoy.cli.Command;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.plan.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench}: the speed of networks and of their layers. */
@CommandLine.Command(
    name = "bench",
    description = "Measure networks: images per second, latencies, time of every layer.",
    subcommands = {CompareCommand.class, KernelsCommand.class, ShapesCommand.class},
    footer = {
      "Examples:",
      "  convoy bench resnet50 --batch 1,8 --layers",
      "  convoy bench compare resnet50 vgg16 --batch 1,8 --threads 1,2",
      "  convoy bench kernels",
      "  convoy bench shapes resnet50"
    })
public final class BenchCommand implements Command {
  private static final String NATIVE = "native";
  private static final double PEAK_SECONDS = 0.1;

  @Mixin private final WorkOptions work = new WorkOptions();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes: native or reference (default: ${DEFAULT-VALUE}).")
  private String backendName = NATIVE;

  @Option(names = "--layers", description = "Also measure every layer.")
  private boolean layers;

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    work.check(spec);
    boolean fast = backendName.equals(NATIVE);
    WorkOptions.require(work.isa() == null || fast, spec, "--isa goes with the native backend");
    Backend backend = fast ? work.nativeBackend() : Backends.named(backendName);
    Machine machine = Machine.here(backend instanceof CpuBackend cpu ? cpu.isa().toString() : "-");
    List<NetworkRow> rows = new ArrayList<>();
    for (Workload workload : work.workloads()) {
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
    return ExitStatus.OK;
  }

  private NetworkRow measure(WorkOptions.Case one, Backend backend) {
    try (ConvoyRunner runner = new ConvoyRunner(one.workload(), backend, one.options())) {
      Measurement speed = Measurement.of(List.of(runner), one.batch(), work.seconds()).get(0);
      List<LayerRow> steps =
          layers
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

  private static Report layerReport(NetworkRow row, Machine machine) {
    return new Report(
        "layers-%s-batch%d-threads%d".formatted(row.network(), row.batch(), row.threads()),
        "Layers of %s, batch %d, %d threads".formatted(row.network(), row.batch(), row.threads()),
        machine,
        LayerRow.HEADINGS,
        row.layers());
  }
}
