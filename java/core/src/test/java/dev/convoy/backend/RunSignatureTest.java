package dev.convoy.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.convoy.ConvoyException;
import dev.convoy.graph.Flatten;
import dev.convoy.tensor.Shape;
import org.junit.jupiter.api.Test;

class RunSignatureTest {
  private final RunSignature signature =
      RunSignature.of(
          SingleLayer.of(new Flatten(), Shape.chw(1, 2, 3)), CompileOptions.DEFAULT.maxBatch(4));

  @Test
  void larger_arrays_are_welcome() {
    signature.check(4, new float[][] {new float[24]}, new float[][] {new float[25]});
  }

  @Test
  void a_refusal_names_what_is_wrong_and_what_was_expected() {
    float[][] good = {new float[12]};
    assertEquals(
        "a run takes 1 to 4 images, got 5: compile with a larger maxBatch, or split the batch",
        refusal(5, good, good));
    assertEquals("a run takes at least 1 image, got 0", refusal(0, good, good));
    assertEquals(
        "input 'in0' of 2 images of 1x2x3 needs 12 floats, got 11",
        refusal(2, new float[][] {new float[11]}, good));
    assertEquals(
        "output 'layer' of 2 images of 6 needs 12 floats, got 0",
        refusal(2, good, new float[][] {{}}));
    assertEquals(
        "a run takes one array for each of the inputs [in0], got 0 arrays",
        refusal(2, new float[][] {}, good));
  }

  private String refusal(int batch, float[][] inputs, float[][] outputs) {
    RunException refusal =
        assertThrows(RunException.class, () -> signature.check(batch, inputs, outputs));
    return String.valueOf(refusal.getMessage());
  }

  @Test
  void compile_options_must_make_sense() {
    assertThrows(ConvoyException.class, () -> CompileOptions.DEFAULT.maxBatch(0));
    assertThrows(ConvoyException.class, () -> CompileOptions.DEFAULT.threads(-1));
  }

  @Test
  @SuppressWarnings("NullAway")
  void compile_options_need_a_mode_when_they_are_made() {
    assertThrows(NullPointerException.class, () -> CompileOptions.DEFAULT.mode(null));
  }
}
