package dev.convoy.bench;

import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench kernels}: the GEMM micro-kernels beside the machine's peak. */
@CommandLine.Command(
    name = "kernels",
    description = {
      "Measure the peak of fused multiply-adds and every GEMM micro-kernel, on one thread,",
      "with packed operands in the first-level cache."
    },
    footer = {"Example:", "  convoy bench kernels --isa avx2"})
final class KernelsCommand implements Callable<Integer> {
  @Option(
      names = "--isa",
      description = "One of ${COMPLETION-CANDIDATES} (default: all that this machine has).")
  private @Nullable Isa isa;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "About how long each kernel is measured (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.5;

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    WorkOptions.require(
        seconds > 0 && seconds < 1e6, spec, "--seconds must be positive, got " + seconds);
    List<KernelRow> rows = new ArrayList<>();
    for (Isa one : isa == null ? Isa.available() : List.of(isa)) {
      OutputOptions.progress(spec, "kernels for " + one);
      rows.addAll(KernelRow.measure(one, seconds));
    }
    Machine machine = Machine.here(isa == null ? Isa.detected().toString() : isa.toString());
    output.hand(
        new Report("kernels", "GEMM micro-kernels", machine, KernelRow.HEADINGS, rows), 1, spec);
    return ExitStatus.OK;
  }
}
