package dev.convoy.bench;

import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.GemmKernel;
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
      "Measure every GEMM micro-kernel and the peak of fused multiply-adds.",
      "In turns, on one thread, with operands as convolutions have them: a packed panel and tiles of",
      "pixels, in cache."
    },
    footer = {"Example:", "  convoy bench kernels --isa avx2 --k 64,256,1024"})
final class KernelsCommand implements Callable<Integer> {
  @Option(
      names = "--isa",
      paramLabel = "ISA",
      description = "One of ${COMPLETION-CANDIDATES} (default: all that this machine has).")
  private @Nullable Isa isa;

  @Option(
      names = "--k",
      split = ",",
      paramLabel = "N",
      description = "Depths: terms of each sum, one or several numbers (default: 256).")
  private List<Integer> depths = List.of(256);

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "About how long each row is measured (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.5;

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    WorkOptions.require(
        seconds > 0 && seconds <= 60,
        spec,
        "--seconds must be more than 0, up to 60, got " + seconds);
    for (int depth : depths) {
      WorkOptions.require(
          depth >= 1 && depth <= 1 << 20, spec, "--k must be 1 to 2^20, got " + depth);
    }
    List<KernelRow> rows = new ArrayList<>();
    for (Isa one : isa == null ? Isa.available() : List.of(isa)) {
      OutputOptions.progress(spec, "kernels for " + one);
      for (int depth : depths) {
        for (GemmKernel kernel : CpuBackend.of(one).gemmKernels()) {
          rows.add(KernelRow.measure(kernel, depth, seconds));
        }
      }
    }
    Machine machine = Machine.here(isa == null ? Isa.detected().toString() : isa.toString());
    output.hand(
        new Report("kernels", "GEMM micro-kernels", machine, KernelRow.HEADINGS, rows), 1, spec);
    return ExitStatus.OK;
  }
}
