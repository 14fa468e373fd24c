package dev.convoy.verify;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came out of one case.
 *
 * @param worst the measurement nearest to (or furthest beyond) its tolerance; null where only exact
 *     facts were compared, or nothing ran
 * @param message the first quantity that failed; what is unsupported and why; empty if passed
 */
public record CaseResult(String id, Status status, @Nullable Measurement worst, String message) {
  /** How a case ended. */
  public enum Status {
    PASSED,
    FAILED,
    /** Something that the case needs does not exist here (yet); not a failure, but counted. */
    UNSUPPORTED
  }

  static CaseResult unsupported(String id, String why) {
    return new CaseResult(id, Status.UNSUPPORTED, null, why);
  }

  static CaseResult failed(String id, String why) {
    return new CaseResult(id, Status.FAILED, null, why);
  }

  public boolean passed() {
    return status == Status.PASSED;
  }

  /** One line: status, id, measured error and tolerance, message. */
  @Override
  public String toString() {
    String measured =
        worst == null
            ? (status == Status.PASSED ? "exact" : "")
            : String.format(
                Locale.ROOT,
                "error %.2e  tolerance %.2e  %s",
                worst.error(),
                worst.tolerance().bound(),
                worst.quantity());
    String separator = measured.isEmpty() || message.isEmpty() ? "" : "  ";
    return String.format(
        Locale.ROOT, "%-11s %-40s %s%s%s", status, id, measured, separator, message);
  }
}
