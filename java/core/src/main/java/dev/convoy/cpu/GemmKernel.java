package dev.convoy.cpu;

import dev.convoy.cpu.internal.Native;

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
   * Its speed on one thread, on packed operands in the first-level cache.
   *
   * @param depth terms of each sum
   * @param seconds about how long to measure
   * @return GFLOP/s, a multiply-add counted as two
   * @throws NativeException if this machine cannot run it
   */
  public double measure(int depth, double seconds) {
    double speed = Native.convoy_measure_kernel(NativeCall.code(isa), index, depth, seconds);
    if (speed < 0) {
      throw new NativeException(NativeCall.lastError());
    }
    return speed;
  }
}
