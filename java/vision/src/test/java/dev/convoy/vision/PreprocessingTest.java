package dev.convoy.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static final float NAN = Float.NaN;

  @Test
  void normalisesEveryChannelOfTheCrop() {
    Image image = Drawings.noise(50, 40, 4);
    Tensor tensor = Preprocessing.imagenet(20, 16, Filter.BICUBIC).apply(image);
    assertEquals(Shape.chw(3, 16, 16), tensor.shape());
    Image crop = image.resizeShort(20, Filter.BICUBIC).centerCrop(16, 16);
    float[] mean = {0.485f, 0.456f, 0.406f};
    float[] std = {0.229f, 0.224f, 0.225f};
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 16; x++) {
          float expected = (crop.sample(x, y, c) / 255f - mean[c]) / std[c];
          assertEquals(expected, tensor.values()[(c * 16 + y) * 16 + x]);
        }
      }
    }
  }

  @Test
  void putsAnImageAnywhereInABatchAndTouchesNothingElse() {
    Preprocessing recipe = Preprocessing.imagenet(9, 8, Filter.BILINEAR);
    Image image = Drawings.gradient(30, 20);
    int floats = 3 * 8 * 8;
    float[] batch = new float[3 * floats];
    Arrays.fill(batch, NAN);
    recipe.apply(image, batch, floats);
    assertArrayEquals(recipe.apply(image).values(), Arrays.copyOfRange(batch, floats, 2 * floats));
    for (int i = 0; i < floats; i++) {
      assertTrue(Float.isNaN(batch[i]) && Float.isNaN(batch[2 * floats + i]));
    }
    assertThrows(ShapeException.class, () -> recipe.apply(image, batch, 2 * floats + 1));
    assertThrows(ShapeException.class, () -> recipe.apply(image, batch, -1));
  }

  @Test
  void digitsAreLuminanceInsideABorderOfZeroInk() {
    Image digit = Drawings.noise(28, 28, 6);
    Tensor tensor = Preprocessing.mnist().apply(digit);
    assertEquals(Shape.chw(1, 32, 32), tensor.shape());
    float nothing = (0 - 0.1307f) / 0.3081f;
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        float expected = nothing;
        if (x >= 2 && x < 30 && y >= 2 && y < 30) {
          int r = digit.sample(x - 2, y - 2, 0);
          int g = digit.sample(x - 2, y - 2, 1);
          int b = digit.sample(x - 2, y - 2, 2);
          int grey = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
          expected = (grey / 255f - 0.1307f) / 0.3081f;
        }
        assertEquals(expected, tensor.values()[y * 32 + x]);
      }
    }
  }

  @Test
  void digitsOfOtherSizesAreResizedAsGrey() {
    Image large = Drawings.noise(61, 80, 6);
    assertArrayEquals(
        Preprocessing.mnist().apply(large.grey().resize(28, 28, Filter.BILINEAR)).values(),
        Preprocessing.mnist().apply(large).values());
  }

  @Test
  void saysItselfInWords() {
    assertEquals(
        "resize the shorter side to 256 (bilinear), crop 224x224 at the centre, normalise"
            + " (x/255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225] in RGB",
        Preprocessing.imagenet(256, 224, Filter.BILINEAR).toString());
    assertEquals(
        "convert to grey, resize to 28x28 (bilinear), pad 2 pixels of 0 on each side, normalise"
            + " (x/255 - [0.1307]) / [0.3081]",
        Preprocessing.mnist().toString());
    assertEquals(Shape.chw(3, 640, 640), Preprocessing.letterbox(640).outputShape());
  }

  @Test
  void refusesRecipesThatContradictThemselves() {
    Fit fit = new Fit.Stretch(4, 4, Filter.BOX);
    assertThrows(
        ImageException.class,
        () -> new Preprocessing(Preprocessing.Colour.GREY, fit, 0, Normalisation.IMAGENET));
    assertThrows(
        ImageException.class,
        () -> new Preprocessing(Preprocessing.Colour.RGB, fit, -1, Normalisation.IMAGENET));
    assertThrows(ImageException.class, () -> new Normalisation(List.of(0f), List.of(0f)));
    assertThrows(ImageException.class, () -> new Normalisation(List.of(NAN), List.of(1f)));
    assertThrows(ImageException.class, () -> new Normalisation(List.of(0f), List.of(1f, 1f)));
  }
}
