package dev.convoy.verify;

import org.jspecify.annotations.Nullable;

/** Collects what a case compares: remembers the worst measurement and the first failure. */
final class Comparison {
  private @Nullable Measurement worst;
  private @Nullable String failure;

  /** Two numbers that may differ by the tolerance. */
  void near(String quantity, double expected, double actual, Tolerance tolerance) {
    Measurement measurement = new Measurement(quantity, expected, actual, tolerance);
    if (worst == null || measurement.strain() > worst.strain()) {
      worst = measurement;
    }
    if (!measurement.passed()) {
      fail(measurement.toString());
    }
  }

  /** Two things that must be equal. */
  boolean same(String quantity, Object expected, Object actual) {
    boolean equal = expected.equals(actual);
    if (!equal) {
      fail(quantity + ": expected " + expected + ", got " + actual);
    }
    return equal;
  }

  void fail(String message) {
    if (failure == null) {
      failure = message;
    }
  }

  CaseResult result(String id) {
    return failure == null
        ? new CaseResult(id, CaseResult.Status.PASSED, worst, "")
        : new CaseResult(id, CaseResult.Status.FAILED, worst, failure);
  }
}
