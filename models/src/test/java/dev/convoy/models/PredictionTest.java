package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionTest {
  private static final Labels LABELS = new Labels(List.of("cat", "dog", "cow"));

  @Test
  void theLikeliestComeFirstAndOfEqualsTheLowerIndex() {
    Prediction prediction = new Prediction(new float[] {0.25f, 0.5f, 0.25f}, LABELS);
    assertEquals("[1 dog 0.5000, 0 cat 0.2500, 2 cow 0.2500]", prediction.toString());
    assertEquals("1 dog 0.5000", prediction.best().toString());
  }

  @Test
  void theProbabilitiesAreACopy() {
    Prediction prediction = Prediction.ofScores(new float[] {0, 0, -200}, LABELS);
    prediction.probabilities()[0] = 7;
    assertArrayEquals(new float[] {0.5f, 0.5f, 0}, prediction.probabilities());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void ofWhatIsNoNumberNoClassIsTheLikeliest(float score) {
    Prediction spoilt = Prediction.ofScores(new float[] {0, score, 0}, LABELS);
    assertFalse(spoilt.isFinite());
    assertThrows(NotFiniteException.class, spoilt::best);
    assertThrows(NotFiniteException.class, () -> spoilt.top(2));
    assertEquals("NaN or infinity", spoilt.toString());
  }
}
