package dev.convoy.backend;

/** What a backend may do to the order of additions. */
public enum Mode {
  /** The quickest algorithm whose error stays below 1e-4 of a tensor's largest magnitude. */
  FAST,
  /**
   * One documented order of fused multiply-adds (see {@code dev.convoy.reference}), so that every
   * backend and every instruction set gives the same bits.
   */
  EXACT
}
