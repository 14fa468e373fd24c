package dev.convoy.bench;

import dev.convoy.cpu.GemmKernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The speed of a micro-kernel beside the peak of its instruction set, on one thread.
 *
 * @param depth terms of each sum
 */
record KernelRow(String isa, String kernel, int depth, GemmKernel.Speed speed)
    implements Report.Row {
  static final List<String> HEADINGS =
      List.of("isa", "kernel", ">k", ">GFLOP/s", ">peak GFLOP/s", ">of peak");

  static KernelRow measure(GemmKernel kernel, int depth, double seconds) {
    return new KernelRow(
        kernel.isa().toString(), kernel.name(), depth, kernel.measure(depth, seconds));
  }

  @Override
  public List<String> cells() {
    return List.of(
        isa,
        kernel,
        Integer.toString(depth),
        Report.figure(speed.gflops()),
        Report.figure(speed.peakGflops()),
        Report.percent(speed.peakShare()));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("isa", isa);
    json.put("kernel", kernel);
    json.put("k", depth);
    json.put("gflops", speed.gflops());
    json.put("peakGflops", speed.peakGflops());
    json.put("peakShare", speed.peakShare());
    return json;
  }
}
