package dev.convoy.bench;

import dev.convoy.bench.onnx.OnnxExporter;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code convoy bench compare}: Convoy and ONNX Runtime side by side. */
@CommandLine.Command(
    name = "compare",
    description = {
      "Measure Convoy and ONNX Runtime on the same network with the same weights, in turns.",
      "The outputs of both are compared first."
    },
    footer = {"Example:", "  convoy bench compare resnet50 --batch 1,8 --threads 1,2 --save"})
final class CompareCommand implements Callable<Integer> {
  @Mixin private final WorkOptions work = new WorkOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    work.check(spec);
    CpuBackend backend = work.nativeBackend();
    List<ComparisonRow> rows = new ArrayList<>();
    for (Workload workload : work.workloads()) {
      rows.addAll(compare(workload, backend));
    }
    Machine machine = Machine.here(backend.isa().toString());
    output.hand(
        new Report(
            "compare", "Convoy and ONNX Runtime 1.29.0", machine, ComparisonRow.HEADINGS, rows),
        1,
        spec);
    return ExitStatus.OK;
  }

  private List<ComparisonRow> compare(Workload workload, CpuBackend backend) {
    List<ComparisonRow> rows = new ArrayList<>();
    Path file = temporaryFile();
    try {
      OnnxExporter.write(workload.graph(), workload.parameters(), file);
      for (WorkOptions.Case one : work.cases(workload)) {
        OutputOptions.progress(spec, one.toString());
        rows.add(compare(one, backend, file));
      }
    } finally {
      delete(file);
    }
    return rows;
  }

  private ComparisonRow compare(WorkOptions.Case one, CpuBackend backend, Path file) {
    try (ConvoyRunner convoy = new ConvoyRunner(one.workload(), backend, one.options());
        OnnxRuntimeRunner peer =
            new OnnxRuntimeRunner(one.workload(), file, one.batch(), one.threads())) {
      convoy.run();
      peer.run();
      Difference difference = Difference.between(convoy.outputs(), peer.outputs());
      if (!difference.acceptable()) {
        throw new BenchException(
            "%s: Convoy and ONNX Runtime differ by %.3g, %.3g of the largest output; more than %.0e is not noise."
                    .formatted(one, difference.maxAbs(), difference.relative(), Difference.LIMIT)
                + " 'convoy verify "
                + one.workload().name()
                + "' finds the layer");
      }
      List<Measurement> speeds = Measurement.of(List.of(convoy, peer), one.batch(), work.seconds());
      return new ComparisonRow(
          one.workload().name(),
          one.batch(),
          one.threads(),
          speeds.get(0),
          speeds.get(1),
          difference);
    }
  }

  private static Path temporaryFile() {
    try {
      return Files.createTempFile("convoy-bench", ".onnx");
    } catch (IOException e) {
      throw new BenchException("no temporary file for the ONNX model: " + e, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new BenchException("cannot delete " + file + ": " + e, e);
    }
  }
}
