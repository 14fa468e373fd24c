package dev.convoy.bench;

import dev.convoy.backend.CompileOptions;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.CpuBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench compare}: Convoy, ONNX Runtime and oneDNN side by side. */
@CommandLine.Command(
    name = "compare",
    description = {
      "Measure Convoy, ONNX Runtime and oneDNN on the same network with the same weights, in turns.",
      "The outputs of all are compared first."
    },
    footer = {
      "A ratio is Convoy's images a second over the peer's in one round: the median over rounds, and the"
          + " lowest. Convoy is timed from arrays to arrays, copies included.",
      "ONNX Runtime has all graph optimisations, sequential execution, as many intra-op threads as Convoy,"
          + " which spin while they wait, as by default, the batch fixed when its session is made, and inputs"
          + " and outputs in direct buffers bound once.",
      "",
      "Examples:",
      "  convoy bench compare resnet50 --batch 1,8 --threads 1,2 --save",
      "  convoy bench compare --layers resnet50 bench/shapes/vgg16.txt --batch 1,16",
      "  convoy bench compare --layers 16-96-32@112s2 32-144-32@56 --batch 1,16"
    })
final class CompareCommand implements Callable<Integer> {
  @Mixin private final WorkOptions work = new WorkOptions();

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      description = "Whom to compare with: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Peer> peers = Arrays.asList(Peer.values());

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--layers",
      description = {
        "Compare the convolutions, each alone: of networks, or of files like bench/shapes/*.txt;",
        "and inverted residuals, such as 16-96-32@112s2: channels, size, stride.",
        "Reorders at their edges are not counted."
      })
  private boolean layers;

  @Override
  public Integer call() {
    CpuBackend backend = work.nativeBackend();
    Machine machine = Machine.here(backend.isa().toString());
    String title = "Convoy, " + names();
    if (layers) {
      output.hand(
          new Report(
              "compare-layers",
              title + ": convolutions",
              machine,
              ComparisonRow.headings("layer"),
              layers(backend)),
          1,
          spec);
      return ExitStatus.OK;
    }
    List<ComparisonRow> rows = networks(backend);
    output.hand(
        new Report("compare", title, machine, ComparisonRow.headings("network"), rows), 1, spec);
    if (rows.size() > 1) {
      output.handDetail(Overview.of(peers, rows, machine), spec);
    }
    return ExitStatus.OK;
  }

  private List<ComparisonRow> layers(CpuBackend backend) {
    LayerComparison comparison = new LayerComparison(backend, peers, work.seconds());
    List<ComparisonRow> rows = new ArrayList<>();
    for (Workload layer : work.layers(spec)) {
      for (CompileOptions options : work.combinations()) {
        OutputOptions.progress(spec, layer.name());
        rows.add(comparison.of(layer, options));
      }
    }
    return rows;
  }

  private String names() {
    return peers.stream().map(Peer::titleAndVersion).collect(Collectors.joining(", "));
  }

  private List<ComparisonRow> networks(CpuBackend backend) {
    work.check(spec);
    Comparison comparison = new Comparison(backend, peers, work.seconds());
    List<ComparisonRow> rows = new ArrayList<>();
    for (Workload workload : work.workloads(spec)) {
      try (TemporaryFolder folder = new TemporaryFolder()) {
        for (WorkOptions.Case one : work.cases(workload)) {
          OutputOptions.progress(spec, one.toString());
          rows.add(comparison.of(one, folder.path()));
        }
      }
    }
    return rows;
  }
}
