package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenLayersTest {
  /** Cases of a file that pass, and those whose operation no graph has. */
  private record Counts(int passed, int unsupported) {}

  private static final Map<String, Counts> FILES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("activation", new Counts(15, 13)),
              Map.entry("conv2d", new Counts(91, 0)),
              Map.entry("conv2d_grad", new Counts(0, 16)),
              Map.entry("conv_transpose2d", new Counts(0, 8)),
              Map.entry("detection", new Counts(0, 13)),
              Map.entry("linear", new Counts(4, 2)),
              Map.entry("norm", new Counts(8, 7)),
              Map.entry("optim", new Counts(0, 7)),
              Map.entry("pool2d", new Counts(33, 8)),
              Map.entry("resize", new Counts(7, 3)),
              Map.entry("shape", new Counts(8, 4)),
              Map.entry("softmax", new Counts(4, 9))));

  static Stream<Arguments> filesOnSubjects() {
    return Subjects.all().stream()
        .flatMap(subject -> FILES.keySet().stream().map(file -> Arguments.of(file, subject)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("filesOnSubjects")
  void everyCaseOfAKnownOperationPasses(String file, Subject subject) {
    Counts counts = FILES.getOrDefault(file, new Counts(-1, -1));
    Goldens.check(
        Goldens.suite("layers/" + file + ".jsonl"), subject, counts.passed(), counts.unsupported());
  }

  @Test
  void unsupportedCasesSayWhatTheyLack() {
    GoldenReport report = Goldens.suite("layers/shape.jsonl").run(Subjects.REFERENCE);

    assertEquals(
        List.of(
            "concat along axis 3 of a tensor of rank 4",
            "no operation 'argmax'",
            "no operation 'topk'",
            "no operation 'transpose'"),
        List.copyOf(report.unsupported().keySet()));
  }
}
