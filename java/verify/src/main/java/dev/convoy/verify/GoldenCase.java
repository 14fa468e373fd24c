package dev.convoy.verify;

import dev.convoy.ConvoyException;

/** One question with a known answer. Immutable; any number of subjects may be asked. */
public sealed interface GoldenCase
    permits LayerCase,
        FactsCase,
        CheckpointsCase,
        LogitsCase,
        KeysCase,
        VectorCase,
        DecodeCase,
        ResizeCase,
        UnsupportedCase {
  /** What it is called in reports, such as {@code conv2d/001}. */
  String id();

  /** Computes and compares; throws whatever computing throws. */
  CaseResult compare(Subject subject);

  /**
   * Like {@link #compare}, but an exception is a failure: one bad case must not hide the others.
   */
  default CaseResult run(Subject subject) {
    try {
      return compare(subject);
    } catch (UnsupportedCaseException e) {
      return CaseResult.unsupported(id(), String.valueOf(e.getMessage()));
    } catch (ConvoyException e) {
      return CaseResult.failed(id(), String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      return CaseResult.failed(id(), "does not fit in memory: raise -Xmx (" + e.getMessage() + ")");
    } catch (RuntimeException e) {
      return CaseResult.failed(id(), "threw " + e);
    }
  }
}
