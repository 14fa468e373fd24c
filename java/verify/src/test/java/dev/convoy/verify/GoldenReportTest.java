package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.verify.CaseResult.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenReportTest {
  private static final Measurement OFF =
      new Measurement("val[3]", 1, Double.NaN, new Tolerance(0.5, "half"));
  private static final GoldenReport REPORT =
      new GoldenReport(
          Path.of("some.jsonl"),
          "native avx2, fast",
          List.of(
              new CaseResult(
                  "a",
                  Status.PASSED,
                  new Measurement("sum", 1, 1.25, new Tolerance(0.5, "half")),
                  ""),
              new CaseResult("b", Status.FAILED, OFF, OFF.toString()),
              CaseResult.unsupported("c", "no operation 'd'")));

  @Test
  void aLineACase() {
    assertEquals(
        List.of(
            "PASSED      a                                        error 2.50e-01  tolerance"
                + " 5.00e-01  sum",
            "FAILED      b                                        error Infinity  tolerance"
                + " 5.00e-01  val[3]  val[3]: expected 1.00000000, got NaN, error Infinity exceeds"
                + " 0.500 (half)",
            "UNSUPPORTED c                                        no operation 'd'",
            "some.jsonl: 3 cases on native avx2, fast: 1 passed, 1 failed, 1 unsupported"),
        REPORT.toText().lines().toList());
  }

  @Test
  void jsonSaysTheSame() {
    String json = GoldenReport.toJson(List.of(REPORT));

    JsonTree root = JsonTree.readAll("report", json.getBytes(StandardCharsets.UTF_8)).get(0);
    assertEquals(1, root.get("failed").count());
    JsonTree report = root.get("reports").list().get(0);
    assertEquals("native avx2, fast", report.get("subject").text());
    List<JsonTree> cases = report.get("cases").list();
    assertEquals(0.25, cases.get(0).get("error").number());
    assertEquals(0.5, cases.get(0).get("tolerance").number());
    assertEquals("failed", cases.get(1).get("status").text());
    assertEquals("NaN", cases.get(1).get("actual").text());
    assertEquals("no operation 'd'", cases.get(2).get("message").text());
  }

  @Test
  void progressIsToldCaseByCase() {
    List<String> told = new ArrayList<>();

    Goldens.suite("vectors.json")
        .run(Subjects.REFERENCE, (done, total, result) -> told.add(done + "/" + total));

    assertEquals(16, told.size());
    assertEquals("16/16", told.get(15));
  }

  @Test
  void aFailureMakesTheReportFail() {
    assertTrue(!REPORT.passed());
    assertTrue(new GoldenReport(REPORT.file(), "x", List.of()).passed());
  }
}
