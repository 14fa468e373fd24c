package dev.convoy.backend;

/** What a backend may do to the order of additions. */
public enum Mode {
  /** The quickest algorithm whose error stays below 1e-4 of a tensor's largest magnitude. */
  FAST,
  /**
   * One documented order of fused multiply-adds (see {@code dev.convoy.reference}), so that every
   * backend and every instruction set gives the same bits.
   */
  EXACT,
  /**
   * As {@link #FAST}, but no filter takes more than twice its memory: Winograd's larger tiles,
   * which quadruple it, and those of stride 2, which take seven times as much, are left out. The
   * filters of VGG-16 are 131 MB smaller that way, those of ResNet-50 49 MB, and 149 MB where it is
   * compiled for large batches.
   */
  COMPACT
}
