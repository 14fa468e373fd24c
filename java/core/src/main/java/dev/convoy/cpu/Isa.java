package dev.convoy.cpu;

import dev.convoy.cpu.internal.Native;
import dev.convoy.cpu.internal.NativeLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Instruction sets that kernels are compiled for, each including the ones before it; the order is
 * the native one.
 */
public enum Isa {
  PORTABLE,
  AVX2,
  AVX512;

  /** The best of this machine, whatever the cap says. */
  public static Isa detected() {
    NativeLoader.load();
    return values()[Native.convoy_isa_detected()];
  }

  /**
   * What new backends use: the detected one, capped by the environment variable {@code
   * CONVOY_MAX_ISA}.
   *
   * @throws NativeException if that names no instruction set
   */
  public static Isa best() {
    NativeLoader.load();
    return values()[NativeCall.check(Native.convoy_isa_default())];
  }

  /** Those that this machine can run, the portable one first. */
  public static List<Isa> available() {
    return Arrays.asList(values()).subList(0, NativeCall.code(detected()) + 1);
  }

  /** {@code portable}, {@code avx2}, {@code avx512}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
