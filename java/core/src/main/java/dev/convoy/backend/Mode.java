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
   * As {@link #FAST}, but no filter takes more than twice its memory: of Winograd's tiles those of
   * 4x4, which quadruple it, are left out. VGG-16 needs 131 MB less that way, ResNet-50 31 MB, and
   * 73 MB where it is compiled for large batches.
   */
  COMPACT
}
