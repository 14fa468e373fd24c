package dev.convoy.openblas;

import dev.convoy.cpu.Accelerator;
import dev.convoy.cpu.Isa;
import java.util.List;

/**
 * OpenBLAS, offered as {@code openblas}: convolutions as im2col and a matrix product, fully
 * connected layers as a matrix product. It has kernels for CPUs that ours were never tuned on.
 *
 * <p>Its sums are taken in another order than ours: a result of n products differs from the true
 * one by at most (n + 2) · 2⁻²⁴ · Σ|products|.
 */
public final class OpenBlas extends Accelerator {
  private static final String JAR = "org/bytedeco/openblas/linux-x86_64/";

  @Override
  public String name() {
    return "openblas";
  }

  @Override
  public int rank() {
    return 70;
  }

  @Override
  protected List<String> resources() {
    return List.of(
        JAR + "libquadmath.so.0",
        JAR + "libgfortran.so.5",
        JAR + "libopenblas.so.0",
        "dev/convoy/openblas/linux-x86_64/libconvoy_openblas.so");
  }

  /**
   * OpenBLAS reads these once, when it is loaded. The core type is always named: machines that
   * build OpenBLAS like to export one, such as Haswell, which halves the speed of AVX-512.
   */
  @Override
  protected List<String> environment(Isa isa) {
    String core =
        switch (isa) {
          case AVX512 -> "SkylakeX";
          case AVX2 -> "Haswell";
          case PORTABLE -> "Nehalem";
        };
    return List.of("OPENBLAS_NUM_THREADS=1", "OPENBLAS_CORETYPE=" + core);
  }

  @Override
  protected String dependency() {
    return "org.bytedeco:openblas:0.3.31-1.5.13 and dev.convoy:convoy-openblas, both with classifier linux-x86_64";
  }
}
