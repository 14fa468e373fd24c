package dev.convoy.cli.doctor;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.models.Classifier;
import dev.convoy.models.Models;
import dev.convoy.models.Prediction;
import dev.convoy.plan.Backends;
import dev.convoy.vision.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Ten handwritten digits through LeNet-5 on every backend: are they read right, and do the backends
 * agree?
 */
final class SelfTest {
  private static final String SECTION = "backends";

  /**
   * One of each class, all of which a sound backend reads right; the first character is the label.
   */
  private static final List<String> DIGITS =
      List.of(
          "0_0003", "1_0002", "2_0001", "3_0030", "4_0004", "5_0008", "6_0011", "7_0000", "8_0061",
          "9_0007");

  private static final double TOLERANCE = 1e-4;

  private SelfTest() {}

  static List<Finding> run() {
    List<Image> digits = DIGITS.stream().map(SelfTest::read).toList();
    List<Finding> findings = new ArrayList<>();
    List<Prediction> expected = null;
    List<String> names = new ArrayList<>(Backends.names());
    names.sort((a, b) -> Boolean.compare(b.equals("reference"), a.equals("reference")));
    for (String name : names) {
      try {
        List<Prediction> given = predict(Backends.named(name), digits);
        findings.add(judge(name, given, expected));
        expected = expected == null ? given : expected;
      } catch (ConvoyException e) {
        findings.add(Finding.wrong(SECTION, name, "does not work", String.valueOf(e.getMessage())));
      }
    }
    return findings;
  }

  private static List<Prediction> predict(Backend backend, List<Image> digits) {
    try (Classifier classifier =
        Models.digits(backend, CompileOptions.DEFAULT.maxBatch(digits.size()))) {
      return classifier.predict(digits);
    }
  }

  private static Finding judge(
      String name, List<Prediction> given, @Nullable List<Prediction> expected) {
    int right = 0;
    double difference = 0;
    for (int i = 0; i < given.size(); i++) {
      int label = DIGITS.get(i).charAt(0) - '0';
      right += given.get(i).best().index() == label ? 1 : 0;
      for (int c = 0; expected != null && c < 10; c++) {
        difference =
            Math.max(
                difference, Math.abs(given.get(i).probability(c) - expected.get(i).probability(c)));
      }
    }
    String value = "works: reads %d of %d digits right".formatted(right, given.size());
    if (expected != null) {
      value +=
          String.format(Locale.ROOT, ", departs from the reference by %.1e at most", difference);
    }
    return right == given.size() && difference <= TOLERANCE
        ? Finding.of(SECTION, name, value)
        : Finding.wrong(
            SECTION,
            name,
            value,
            "the backend '"
                + name
                + "' computes wrong results on this machine; please report it with this page");
  }

  private static Image read(String digit) {
    try (InputStream in = SelfTest.class.getResourceAsStream("digits/" + digit + ".png")) {
      if (in == null) {
        throw new IllegalStateException("the jar of the command line lacks the digit " + digit);
      }
      return Image.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
