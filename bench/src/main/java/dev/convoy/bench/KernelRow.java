package dev.convoy.bench;

import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.GemmKernel;
import dev.convoy.cpu.Isa;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The speed of a micro-kernel beside the peak of its instruction set, on one thread.
 *
 * @param peak fused multiply-adds from registers, in GFLOP/s
 */
record KernelRow(String isa, String kernel, double gflops, double peak) implements Report.Row {
  static final List<String> HEADINGS =
      List.of("isa", "kernel", ">GFLOP/s", ">peak GFLOP/s", ">of peak");

  private static final int DEPTH = 256;
  private static final int ROUNDS = 7;

  /**
   * Measures the kernels of an instruction set and its peak in turns.
   *
   * @param seconds about how long each kernel and its peak
   */
  static List<KernelRow> measure(Isa isa, double seconds) {
    CpuBackend backend = CpuBackend.of(isa);
    List<KernelRow> rows = new ArrayList<>();
    double slice = seconds / (2 * ROUNDS);
    for (GemmKernel kernel : backend.gemmKernels()) {
      double[] speeds = new double[ROUNDS];
      double[] peaks = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        peaks[round] = backend.measurePeak(slice);
        speeds[round] = kernel.measure(DEPTH, slice);
      }
      rows.add(
          new KernelRow(
              isa.toString(), kernel.name(), Statistics.median(speeds), Statistics.median(peaks)));
    }
    return rows;
  }

  @Override
  public List<String> cells() {
    return List.of(
        isa, kernel, Report.figure(gflops), Report.figure(peak), Report.percent(gflops / peak));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("isa", isa);
    json.put("kernel", kernel);
    json.put("gflops", gflops);
    json.put("peakGflops", peak);
    json.put("peakShare", gflops / peak);
    return json;
  }
}
