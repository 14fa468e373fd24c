package dev.convoy.verify;

import dev.convoy.verify.CaseResult.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * What came out of a golden file's cases.
 *
 * @param subject what was put to the test, in words
 * @param results in the file's order
 */
public record GoldenReport(Path file, String subject, List<CaseResult> results) {
  public GoldenReport {
    results = List.copyOf(results);
  }

  public long count(Status status) {
    return results.stream().filter(result -> result.status() == status).count();
  }

  /** Whether nothing failed; what is unsupported does not count as failed. */
  public boolean passed() {
    return count(Status.FAILED) == 0;
  }

  /** {@code 91 cases on native avx512, exact: 91 passed, 0 failed, 0 unsupported}. */
  public String totals() {
    return "%d cases on %s: %d passed, %d failed, %d unsupported"
        .formatted(
            results.size(),
            subject,
            count(Status.PASSED),
            count(Status.FAILED),
            count(Status.UNSUPPORTED));
  }

  /** How many cases are unsupported for each reason. */
  public Map<String, Integer> unsupported() {
    Map<String, Integer> reasons = new TreeMap<>();
    for (CaseResult result : results) {
      if (result.status() == Status.UNSUPPORTED) {
        reasons.merge(result.message(), 1, Integer::sum);
      }
    }
    return reasons;
  }

  /** A line a case, then the totals. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    results.forEach(result -> text.append(result).append('\n'));
    return text.append(file).append(": ").append(totals()).append('\n').toString();
  }

  /** {@code {"reports": […], "passed": …, "failed": …, "unsupported": …}}. */
  public static String toJson(List<GoldenReport> reports) {
    return JsonText.object(
        json -> {
          JsonText.objects(json, "reports", reports, report -> report.write(json));
          for (Status status : Status.values()) {
            writeCount(json, status, reports.stream().mapToLong(r -> r.count(status)).sum());
          }
        });
  }

  private void write(JsonGenerator json) {
    json.writeStringProperty("file", file.toString());
    json.writeStringProperty("subject", subject);
    for (Status status : Status.values()) {
      writeCount(json, status, count(status));
    }
    JsonText.objects(json, "cases", results, result -> write(json, result));
  }

  private static void writeCount(JsonGenerator json, Status status, long count) {
    json.writeNumberProperty(name(status), count);
  }

  private static void write(JsonGenerator json, CaseResult result) {
    json.writeStringProperty("id", result.id());
    json.writeStringProperty("status", name(result.status()));
    Measurement worst = result.worst();
    if (worst != null) {
      json.writeStringProperty("quantity", worst.quantity());
      json.writeNumberProperty("expected", worst.expected());
      json.writeNumberProperty("actual", worst.actual());
      json.writeNumberProperty("error", worst.error());
      json.writeNumberProperty("tolerance", worst.tolerance().bound());
      json.writeStringProperty("rule", worst.tolerance().rule());
    }
    if (!result.message().isEmpty()) {
      json.writeStringProperty("message", result.message());
    }
  }

  private static String name(Status status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }
}
