package dev.convoy.cpu;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.graph.ParameterSource;

/** What tests of the native backend share. */
public final class NativeTests {
  static final ParameterSource NO_PARAMETERS =
      key -> {
        throw new AssertionError("asked for " + key);
      };

  private NativeTests() {}

  /**
   * Skips under {@code -Dnative.skip}; without that a missing library is a failure, never a skip.
   */
  public static void assumePresent() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built with -Dnative.skip");
  }
}
