package dev.convoy.bench;

import dev.convoy.backend.CompileOptions;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.Accelerator;
import dev.convoy.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench backends}: our kernels, each accelerator and the choice among them. */
@CommandLine.Command(
    name = "backends",
    description = {
      "Measure our own kernels, every accelerator present, and what 'auto' chooses among them.",
      "By estimate and tuned, on the same network with the same weights, in turns. Ratios are to the best single",
      "backend."
    },
    footer = {
      "Examples:",
      "  convoy bench backends resnet50 googlenet --save",
      "  convoy bench backends --layers resnet50 bench/shapes/vgg16.txt --seconds 0.5"
    })
final class BackendsCommand implements Callable<Integer> {
  @Mixin private final WorkOptions work = new WorkOptions();

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--layers",
      description =
          "Measure the convolutions, each alone: of networks, or of files like bench/shapes/*.txt.")
  private boolean layers;

  @Override
  public Integer call() {
    CpuBackend ours = work.nativeBackend();
    BackendComparison comparison =
        new BackendComparison(ours, Accelerator.present(), work.seconds());
    List<BackendsRow> rows = layers ? layers(comparison) : networks(comparison);
    output.hand(
        new Report(
            layers ? "backends-layers" : "backends",
            layers ? "Backends: convolutions" : "Backends",
            Machine.here(ours.isa().toString()),
            rows.get(0).headings(),
            rows),
        1,
        spec);
    return ExitStatus.OK;
  }

  private List<BackendsRow> networks(BackendComparison comparison) {
    work.check(spec);
    List<BackendsRow> rows = new ArrayList<>();
    for (Workload workload : work.workloads(spec)) {
      for (WorkOptions.Case one : work.cases(workload)) {
        OutputOptions.progress(spec, one.toString());
        rows.add(comparison.of(one));
      }
    }
    return rows;
  }

  private List<BackendsRow> layers(BackendComparison comparison) {
    List<BackendsRow> rows = new ArrayList<>();
    for (Workload layer : work.layers(spec)) {
      if (InvertedResidual.matches(layer.name())) {
        throw new BenchException(
            "%s is a block: backends are measured on single convolutions; 'compare --layers' takes it"
                .formatted(layer.name()));
      }
      for (CompileOptions options : work.combinations()) {
        OutputOptions.progress(spec, layer.name());
        rows.add(comparison.of(layer, options));
      }
    }
    return rows;
  }
}
