package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Identity;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Reorder;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.Softmax;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each operation on numbers that a person can follow. */
class OperationsByHandTest {
  private static final float[] ONE_TO_NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final Shape MAP_3X3 = Shape.chw(1, 3, 3);

  @Test
  void conv_does_not_flip_its_kernel() {
    Map<String, float[]> parameters =
        Map.of("weight", new float[] {1, 10, 100, 1000}, "bias", new float[] {0.5f});
    // Rows 1 2 3, 4 5 6, 7 8 9: the first window is 1 2 / 4 5.
    float[] expected = {5421.5f, 6532.5f, 8754.5f, 9865.5f};
    assertArrayEquals(expected, OneLayer.run(Conv2d.of(1, 2), parameters, MAP_3X3, ONE_TO_NINE));
  }

  @Test
  void conv_groups_see_their_own_channels_only() {
    Map<String, float[]> parameters = Map.of("weight", new float[] {2, 3, 5, 7});
    Conv2d op = Conv2d.of(4, 1).groups(2).noBias();
    assertArrayEquals(
        new float[] {20, 30, 500, 700},
        OneLayer.run(op, parameters, Shape.chw(2, 1, 1), new float[] {10, 100}));
  }

  @Test
  void conv_adds_the_residual_before_the_activation() {
    Map<String, float[]> parameters = Map.of("weight", new float[] {2});
    Conv2d op = Conv2d.of(1, 1).noBias().withResidual().with(Activation.RELU);
    float[] x = {1, 2, -3};
    float[] residual = {-1, -5, 7};
    float[] expected = {1, 0, 1};
    assertArrayEquals(expected, OneLayer.run(op, parameters, Shape.chw(1, 1, 3), x, residual));
  }

  @Test
  void linear_weights_are_rows_of_outputs() {
    Map<String, float[]> parameters =
        Map.of("weight", new float[] {1, 2, 3, 4, 5, 6}, "bias", new float[] {10, 20});
    float[] result = OneLayer.run(Linear.of(2), parameters, Shape.of(3), new float[] {1, 10, 100});
    assertArrayEquals(new float[] {331, 674}, result);
  }

  @Test
  void padding_never_wins_a_maximum_or_minimum() {
    Window window = Window.of(2).stride(2).padding(1);
    float[] negative = {-1, -2, -3, -4, -5, -6, -7, -8, -9};
    assertArrayEquals(
        new float[] {-1, -2, -4, -5},
        OneLayer.run(Pool2d.of(Pooling.MAX, window), MAP_3X3, negative));
    assertArrayEquals(
        new float[] {1, 2, 4, 5},
        OneLayer.run(Pool2d.of(Pooling.MIN, window), MAP_3X3, ONE_TO_NINE));
  }

  @Test
  void an_average_counts_the_padding_or_not() {
    Pool2d counted = Pool2d.of(Pooling.AVERAGE, Window.of(2).stride(2).padding(1));
    float[] all = {0.25f, 1.25f, 2.75f, 7};
    assertArrayEquals(all, OneLayer.run(counted, MAP_3X3, ONE_TO_NINE));
    float[] real = {1, 2.5f, 5.5f, 7};
    assertArrayEquals(real, OneLayer.run(counted.excludePad(), MAP_3X3, ONE_TO_NINE));
  }

  @Test
  void a_window_rounded_up_counts_only_what_exists_of_it() {
    Pool2d ceil = Pool2d.of(Pooling.AVERAGE, 2).ceil();
    assertArrayEquals(new float[] {3, 4.5f, 7.5f, 9}, OneLayer.run(ceil, MAP_3X3, ONE_TO_NINE));
  }

  @Test
  void the_first_of_equal_values_wins_which_tells_zeros_apart() {
    Pool2d max = Pool2d.of(Pooling.MAX, 2);
    Shape map = Shape.chw(1, 2, 4);
    float[] zeros = {-0f, 0f, 0f, -0f, 0f, 0f, -0f, -0f};
    assertArrayEquals(new float[] {-0f, 0f}, OneLayer.run(max, map, zeros));
    assertArrayEquals(new float[] {-0f, 0f}, OneLayer.run(Pool2d.of(Pooling.MIN, 2), map, zeros));
  }

  @Test
  void a_window_of_padding_alone_gives_infinity() {
    Window window = Window.of(2).dilation(5).padding(3);
    float[] one = {7};
    float[] empty = {
      Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY,
      Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY
    };
    assertArrayEquals(empty, OneLayer.run(Pool2d.of(Pooling.MAX, window), Shape.chw(1, 1, 1), one));
  }

  @Test
  void adaptive_windows_overlap_where_they_must() {
    AdaptivePool2d two = new AdaptivePool2d(Pooling.AVERAGE, 2, 2);
    assertArrayEquals(new float[] {3, 4, 6, 7}, OneLayer.run(two, MAP_3X3, ONE_TO_NINE));
    AdaptivePool2d global = new AdaptivePool2d(Pooling.MAX, 1, 1);
    assertArrayEquals(new float[] {9}, OneLayer.run(global, MAP_3X3, ONE_TO_NINE));
    AdaptivePool2d larger = new AdaptivePool2d(Pooling.MIN, 1, 6);
    assertArrayEquals(new float[] {1, 1, 2, 2, 3, 3}, OneLayer.run(larger, MAP_3X3, ONE_TO_NINE));
  }

  @Test
  void batch_norm_uses_the_running_statistics() {
    Map<String, float[]> parameters =
        Map.of(
            "weight", new float[] {6, 1},
            "bias", new float[] {1, 0},
            "running_mean", new float[] {2, -1},
            "running_var", new float[] {8, 0});
    float[] x = {2, 3, 4, 5};
    // (x − 2) · 6 / √9 + 1 and (x + 1) · 1 / √1.
    float[] expected = {1, 3, 5, 6};
    assertArrayEquals(expected, OneLayer.run(new BatchNorm(1), parameters, Shape.chw(2, 1, 2), x));
  }

  @Test
  void local_response_norm_looks_further_back_than_ahead() {
    LocalResponseNorm op = new LocalResponseNorm(2, 2, 1, 1);
    // Channel c sees c − 1 and c: 1 / (1 + 1), 2 / (1 + 1 + 4), 3 / (1 + 4 + 9).
    float[] expected = {0.5f, 2 / 6f, 3 / 14f};
    assertArrayEquals(expected, OneLayer.run(op, Shape.chw(3, 1, 1), new float[] {1, 2, 3}), 0f);
  }

  @Test
  void softmax_runs_over_the_channels_of_each_pixel() {
    float log3 = (float) Math.log(3);
    float[] x = {0, 1000, log3, 1000};
    float[] result = OneLayer.run(new Softmax(false), Shape.chw(2, 1, 2), x);
    assertArrayEquals(new float[] {0.25f, 0.5f, 0.75f, 0.5f}, result, 1e-7f);
    float[] log = OneLayer.run(new Softmax(true), Shape.of(2), new float[] {-1e30f, 1e30f});
    assertArrayEquals(new float[] {-2e30f, 0}, log);
  }

  @Test
  void add_rounds_once_and_then_activates() {
    Shape two = Shape.of(2);
    float[] a = {0x1p24f, 1};
    float[] b = {1, -3};
    assertArrayEquals(new float[] {0x1p24f, -2}, OneLayer.run(Add.PLAIN, two, a, b));
    assertArrayEquals(new float[] {0x1p24f, 0}, OneLayer.run(new Add(Activation.RELU), two, a, b));
  }

  @Test
  void concat_puts_channels_one_behind_the_other() {
    float[] result =
        OneLayer.run(new Concat(), Shape.chw(1, 1, 2), new float[] {1, 2}, new float[] {3, 4});
    assertArrayEquals(new float[] {1, 2, 3, 4}, result);
  }

  @Test
  void what_changes_no_number_changes_no_number() {
    for (Op op : List.of(new Flatten(), new Identity(), new Dropout(0.5), new Reorder())) {
      assertArrayEquals(ONE_TO_NINE, OneLayer.run(op, MAP_3X3, ONE_TO_NINE));
    }
  }

  @Test
  void pad_repeats_mirrors_or_fills() {
    Shape row = Shape.chw(1, 1, 3);
    float[] x = {1, 2, 3};
    float[] filled = {9, 9, 1, 2, 3, 9};
    assertArrayEquals(filled, OneLayer.run(pad(Pad2d.Mode.CONSTANT), row, x));
    float[] repeated = {1, 1, 1, 2, 3, 3};
    assertArrayEquals(repeated, OneLayer.run(pad(Pad2d.Mode.EDGE), row, x));
    float[] mirrored = {3, 2, 1, 2, 3, 2};
    assertArrayEquals(mirrored, OneLayer.run(pad(Pad2d.Mode.REFLECT), row, x));
  }

  private static Pad2d pad(Pad2d.Mode mode) {
    return new Pad2d(mode, 9, 0, 2, 0, 1);
  }

  @Test
  void resize_reads_the_nearest_pixel_or_mixes_two() {
    Shape row = Shape.chw(1, 1, 3);
    float[] x = {0, 8, 16};
    float[] nearest = {0, 0, 8, 8, 16};
    assertArrayEquals(
        nearest, OneLayer.run(new Resize2d(Resize2d.Mode.NEAREST, false, 1, 5), row, x));
    float[] bilinear = {0, 2, 6, 10, 14, 16};
    assertArrayEquals(
        bilinear, OneLayer.run(new Resize2d(Resize2d.Mode.BILINEAR, false, 1, 6), row, x));
    float[] corners = {0, 4, 8, 12, 16};
    assertArrayEquals(
        corners, OneLayer.run(new Resize2d(Resize2d.Mode.BILINEAR, true, 1, 5), row, x));
  }
}
