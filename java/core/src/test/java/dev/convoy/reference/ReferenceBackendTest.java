package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendContract;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.SingleLayer;
import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract, on the backend that defines it. */
class ReferenceBackendTest extends BackendContract {
  @Override
  protected Backend backend() {
    return ReferenceBackend.float32();
  }

  @Nested
  class InDouble extends BackendContract {
    @Override
    protected Backend backend() {
      return ReferenceBackend.float64();
    }

    @Override
    protected ReferenceBackend standard() {
      return ReferenceBackend.float64();
    }
  }

  @Test
  void a_parameter_of_another_shape_is_refused_by_name() {
    Graph graph = SingleLayer.of(Linear.of(2), Shape.of(3));
    ParameterSource wrong = key -> Tensor.zeros(Shape.of(5));
    ShapeException refusal =
        assertThrows(
            ShapeException.class,
            () -> ReferenceBackend.float32().compile(graph, wrong, CompileOptions.DEFAULT));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("layer.weight") && message.contains("2x3"), message);
  }

  @Test
  void a_value_beyond_one_array_is_refused_by_name() {
    Graph graph = SingleLayer.of(Pad2d.zeros(40_000), Shape.chw(1, 1, 1));
    ParameterSource none = key -> Tensor.zeros(Shape.of(1));
    UnsupportedGraphException refusal =
        assertThrows(
            UnsupportedGraphException.class,
            () -> ReferenceBackend.float32().compile(graph, none, CompileOptions.DEFAULT));
    assertTrue(String.valueOf(refusal.getMessage()).contains("'layer'"), refusal.getMessage());
  }

  @Test
  void a_padding_beyond_one_array_is_refused_though_the_result_is_small() {
    Window window = Window.of(1).stride(1 << 29).padding(1 << 29);
    Graph graph = SingleLayer.of(Conv2d.of(1, window).noBias(), Shape.chw(1, 1, 1));
    assertThrows(
        UnsupportedGraphException.class,
        () ->
            ReferenceBackend.float32()
                .compile(graph, key -> zeros(graph, key), CompileOptions.DEFAULT));
  }

  @Test
  void every_node_is_chosen_the_reference_and_its_work_counted() {
    Graph graph = SingleLayer.of(Conv2d.of(4, 3), Shape.chw(2, 5, 6));
    try (var network =
        ReferenceBackend.float64()
            .compile(graph, key -> zeros(graph, key), CompileOptions.DEFAULT)) {
      var layer = network.choices().get(1);
      assertEquals("reference", layer.algorithm());
      assertEquals(4 * 3 * 4 * 2 * 9, layer.macs());
      assertEquals(8 * (60 + 48 + 72 + 4), layer.bytes());
    }
  }

  private static Tensor zeros(Graph graph, String key) {
    return Tensor.zeros(Objects.requireNonNull(graph.storedParameters().get(key)).shape());
  }
}
