package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class DifferenceTest {
  @Test
  void isTheLargestOfAllOutputs() {
    float[][] results = {{1, 2}, {8, 100}};
    float[][] references = {{1, 4}, {9, 100}};
    assertEquals(new Difference(2, 0.5), Difference.between(results, references));
  }

  @Test
  void equalZerosDoNotDiffer() {
    assertEquals(
        new Difference(0, 0), Difference.between(new float[][] {{0}}, new float[][] {{0}}));
  }

  @Test
  void aNanIsNeverAcceptable() {
    float[][] nan = {{Float.NaN, 1}};
    float[][] one = {{1, 1}};
    assertFalse(Difference.between(nan, one).acceptable());
    assertFalse(Difference.between(one, nan).acceptable());
    assertTrue(Difference.between(one, one).acceptable());
  }
}
