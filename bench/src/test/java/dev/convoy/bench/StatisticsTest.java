package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class StatisticsTest {
  @Test
  void medianOfOddAndEvenCounts() {
    assertEquals(3, Statistics.median(5, 1, 3));
    assertEquals(2.5, Statistics.median(4, 1, 3, 2));
    assertEquals(7, Statistics.median(7));
  }

  @Test
  void nothingHasNoMedian() {
    assertEquals(Double.NaN, Statistics.median());
    assertEquals(Double.NaN, Statistics.min());
  }

  /** {@code numpy.percentile([15, 20, 35, 40, 50], [0, 40, 90, 100])}. */
  @Test
  void percentilesInterpolateLikeNumpy() {
    double[] values = {35, 50, 15, 40, 20};
    assertEquals(15, Statistics.percentile(0, values));
    assertEquals(29, Statistics.percentile(40, values), 1e-12);
    assertEquals(46, Statistics.percentile(90, values), 1e-12);
    assertEquals(50, Statistics.percentile(100, values));
  }

  @Test
  void valuesKeepTheirOrder() {
    double[] values = {3, 1, 2};
    Statistics.median(values);
    assertArrayEquals(new double[] {3, 1, 2}, values);
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    assertArrayEquals(
        new double[] {2, 0.5}, Statistics.ratios(new double[] {4, 3}, new double[] {2, 6}));
  }
}
