package dev.convoy.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {
  /** The largest output whose last window still ends inside the padded input. */
  @Property
  void a_window_fits_as_often_as_it_can(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 7) int kernel,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll @IntRange(min = 0, max = 5) int before,
      @ForAll @IntRange(min = 0, max = 5) int after) {
    Window window =
        Window.of(kernel).stride(stride).dilation(dilation).padding(before, 0, after, 0);
    int padded = before + size + after;
    Assume.that(window.spanH() <= padded);
    int windows = window.outputHeight(size);
    assertTrue((windows - 1) * stride + window.spanH() <= padded);
    assertTrue(windows * stride + window.spanH() > padded);
  }

  /** Windows in ceil mode reach every pixel, and each begins inside the map or before it. */
  @Property
  void a_pooling_rounded_up_starts_no_window_beyond_the_map(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 6) int kernel,
      @ForAll @IntRange(min = 1, max = 7) int stride,
      @ForAll @IntRange(min = 0, max = 3) int padding) {
    Assume.that(2 * padding <= kernel && kernel <= size + 2 * padding);
    Window window = Window.of(kernel, 1).stride(stride, 1).padding(padding, 0);
    Shape in = Shape.chw(1, size, 1);
    int windows = Pool2d.of(Pooling.MAX, window).ceil().infer(List.of(in)).height();
    int lastStart = (windows - 1) * stride - padding;
    assertTrue(lastStart < size, "last window starts at " + lastStart);
    int nextStart = lastStart + stride;
    assertTrue(nextStart >= size || lastStart + kernel >= size + padding);
  }

  @Test
  void a_kernel_larger_than_the_padded_map_is_refused_with_both_sizes() {
    ShapeException refusal =
        assertThrows(ShapeException.class, () -> Window.of(7).padding(1).outputHeight(4));
    assertTrue(String.valueOf(refusal.getMessage()).contains("7"), refusal.getMessage());
    assertTrue(String.valueOf(refusal.getMessage()).contains("4 + 2"), refusal.getMessage());
  }

  @Test
  void a_wrong_layer_is_named_when_it_is_added() {
    GraphBuilder builder = new GraphBuilder();
    int in = builder.add("image", new Input(Shape.chw(3, 8, 8)), List.of());
    ShapeException refusal =
        assertThrows(ShapeException.class, () -> builder.add("fc", Linear.of(4), List.of(in)));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("'fc'") && message.contains("3x8x8"), message);
    assertThrows(ShapeException.class, () -> builder.add("image", new Identity(), List.of(in)));
  }

  @Test
  void inputs_that_do_not_fit_each_other_are_refused() {
    Shape a = Shape.chw(2, 3, 4);
    Shape b = Shape.chw(2, 3, 5);
    assertThrows(ShapeException.class, () -> Add.PLAIN.infer(List.of(a, b)));
    assertThrows(ShapeException.class, () -> Add.PLAIN.infer(List.of(a)));
    assertThrows(ShapeException.class, () -> new Concat().infer(List.of(a, b)));
    assertThrows(ShapeException.class, () -> new Concat().infer(List.of()));
    Conv2d conv = Conv2d.of(2, 1).withResidual();
    assertThrows(ShapeException.class, () -> conv.infer(List.of(a, b)));
    assertEquals(a, conv.infer(List.of(a, a)));
    assertEquals(Shape.chw(4, 3, 4), new Concat().infer(List.of(a, a)));
  }

  @Test
  void operations_refuse_numbers_that_mean_nothing() {
    assertThrows(ShapeException.class, () -> Window.of(0));
    assertThrows(ShapeException.class, () -> Window.of(1).stride(0));
    assertThrows(ShapeException.class, () -> Window.of(1).padding(-1));
    assertThrows(ShapeException.class, () -> Conv2d.of(3, 1).groups(2));
    assertThrows(ShapeException.class, () -> Pool2d.of(Pooling.MAX, Window.of(3).padding(2)));
    assertThrows(ShapeException.class, () -> new Dropout(1));
    assertThrows(ShapeException.class, () -> new Dropout(Double.NaN));
    assertThrows(ShapeException.class, () -> new LocalResponseNorm(0, 1, 1, 1));
    assertThrows(ShapeException.class, () -> new Resize2d(Resize2d.Mode.NEAREST, true, 2, 2));
    assertThrows(ShapeException.class, () -> new BatchNorm(Double.NaN));
    assertThrows(ShapeException.class, () -> new BatchNorm(-1));
    Pad2d mirror = new Pad2d(Pad2d.Mode.REFLECT, 0, 3, 0, 0, 0);
    assertThrows(ShapeException.class, () -> mirror.infer(List.of(Shape.chw(1, 3, 3))));
  }

  /** Wrapped around, these would be small shapes that a kernel reads and writes beyond. */
  @Test
  void sizes_beyond_an_int_are_refused() {
    int max = Integer.MAX_VALUE;
    Shape map = Shape.chw(3, 5, 5);
    Window far = Window.of(3).stride(1 << 30);
    assertThrows(ShapeException.class, () -> Window.of(3).dilation(1 << 30));
    assertThrows(ShapeException.class, () -> far.padding(max).outputHeight(5));
    assertThrows(ShapeException.class, () -> far.padding(1 << 30).outputWidth(5));
    assertEquals(1, Window.of(2).stride(max).outputHeight(5));
    Pool2d rounded = Pool2d.of(Pooling.MAX, Window.of(2).stride(max)).ceil();
    assertEquals(Shape.chw(3, 1, 1), rounded.infer(List.of(map)));
    Pad2d pad = new Pad2d(Pad2d.Mode.CONSTANT, 0, max, 0, max, 0);
    assertThrows(ShapeException.class, () -> pad.infer(List.of(map)));
    Shape deep = Shape.chw(1 << 30, 1, 1);
    assertThrows(ShapeException.class, () -> new Concat().infer(List.of(deep, deep)));
  }

  @Test
  void an_input_is_a_map_or_a_vector() {
    assertThrows(ShapeException.class, () -> new Input(Shape.of(2, 8)));
    assertThrows(ShapeException.class, () -> new Input(Shape.of(1, 3, 8, 8)));
    assertThrows(ShapeException.class, () -> new Input(Shape.of()));
  }
}
