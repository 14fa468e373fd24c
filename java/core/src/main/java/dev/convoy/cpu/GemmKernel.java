package dev.convoy.cpu;

import dev.convoy.cpu.internal.Native;
import dev.convoy.cpu.internal.NativeLoader;

/**
 * A matrix-multiplication micro-kernel of the native library.
 *
 * @param isa the instruction set it is compiled for
 * @param index its number in the library's list
 * @param name its type, tile and instruction set, such as {@code gemm_f32_14x32_avx512}
 */
public record GemmKernel(Isa isa, int index, String name) {
  static GemmKernel of(Isa isa, int index) {
    return new GemmKernel(
        isa, index, Native.convoy_kernel_name(NativeCall.code(isa), index).getString());
  }

  /**
   * How fast a kernel was, and fused multiply-adds from registers in turns with it.
   *
   * @param gflops GFLOP/s, a multiply-add counted as two
   * @param peakGflops of the multiply-adds
   * @param peakShare the median over all turns of their ratio
   */
  public record Speed(double gflops, double peakGflops, double peakShare) {}

  /**
   * Its speed on one thread, on operands as convolutions have them: a packed panel and tiles of
   * pixels, in the second-level cache where the depth allows.
   *
   * @param depth terms of each sum
   * @param seconds about how long to measure
   * @throws NativeException if this machine cannot run it
   */
  public Speed measure(int depth, double seconds) {
    NativeLoader.load();
    double[] speed = new double[3];
    NativeCall.check(
        Native.convoy_measure_kernel(NativeCall.code(isa), index, depth, seconds, speed));
    return new Speed(speed[0], speed[1], speed[2]);
  }
}
