package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.verify.CaseResult.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The golden files among the test resources. */
final class Goldens {
  private Goldens() {}

  static Path file(String name) {
    URL url = Goldens.class.getResource("/goldens/" + name);
    if (url == null) {
      throw new AssertionError("there is no resource goldens/" + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static String text(String name) {
    try (InputStream in = file(name).toUri().toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static GoldenSuite suite(String name) {
    return GoldenSuite.open(file(name));
  }

  /** Those cases of a suite whose id fits. */
  static GoldenSuite only(GoldenSuite suite, Predicate<String> ids) {
    List<GoldenCase> cases = suite.cases().stream().filter(c -> ids.test(c.id())).toList();
    return new GoldenSuite(suite.file(), cases);
  }

  /** Runs a suite; every case must pass or be unsupported, in these numbers. */
  static GoldenReport check(GoldenSuite suite, Subject subject, long passed, long unsupported) {
    GoldenReport report = suite.run(subject);
    assertEquals(0, report.count(Status.FAILED), report::toText);
    assertEquals(passed, report.count(Status.PASSED), report::toText);
    assertEquals(unsupported, report.count(Status.UNSUPPORTED), report::toText);
    return report;
  }
}
