package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Linear;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenNumbersTest {
  static Stream<Json> vectors() {
    Json file = Json.parse(String.join("", Json.lines("/goldens/vectors.json")));
    return file.list("vectors").stream().map(Json.class::cast);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void every_published_vector_has_the_same_bits(Json vector) {
    String name = vector.text("name");
    Shape shape = Shape.of(vector.integers("shape"));
    assertEquals(vector.text("fnv1a64"), "%016x".formatted(GoldenNumbers.fnv1a64(name)));
    double gain = vector.has("gain") ? vector.number("gain") : 1;
    if (vector.has("bound")) {
      assertEquals(vector.text("bound"), hex(GoldenNumbers.bound(shape, gain)));
    }
    float[] values =
        switch (vector.text("kind")) {
          case "signed" -> GoldenNumbers.signed(name, shape.intSize());
          case "unit" -> GoldenNumbers.unit(name, shape.intSize());
          default -> GoldenNumbers.parameter(name, shape, gain).values();
        };
    assertEquals(vector.list("first8"), hex(values, 0, 8));
    assertEquals(vector.list("last2"), hex(values, values.length - 2, values.length));
  }

  @Test
  void all_vectors_of_the_file_are_read() {
    assertEquals(16, vectors().count());
  }

  private static List<String> hex(float[] values, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> hex(values[i])).toList();
  }

  private static String hex(float value) {
    return "%08x".formatted(Float.floatToIntBits(value));
  }

  @Test
  void a_block_image_repeats_the_unit_sequence_over_8x8_pixels() {
    float[] image = GoldenNumbers.blocks8("photo", Shape.of(2, 3, 9, 17));
    float[] unit = GoldenNumbers.unit("photo", 2 * 3 * 2 * 3);
    assertEquals(unit[0], image[0]);
    assertEquals(unit[0], image[7 * 17 + 7]);
    assertEquals(unit[2], image[16]);
    assertEquals(unit[3], image[8 * 17]);
    assertEquals(unit[6], image[9 * 17], "second channel");
    assertEquals(unit[35], image[image.length - 1]);
  }

  @Test
  void a_map_without_batch_has_the_blocks_of_the_first_image() {
    float[] one = GoldenNumbers.blocks8("photo", Shape.of(3, 10, 10));
    assertArrayEquals(one, GoldenNumbers.blocks8("photo", Shape.of(1, 3, 10, 10)));
  }

  @Test
  void the_longest_prefix_decides_the_gain() {
    Graph graph = SingleLayer.of(Linear.of(4), Shape.of(3));
    GoldenNumbers numbers =
        GoldenNumbers.of(graph, 8, Map.of("lay", 4.0, "layer.w", 2.0, "x", 1.0));
    assertArrayEquals(
        GoldenNumbers.parameter("layer.weight", Shape.of(4, 3), 2).values(),
        numbers.tensor("layer.weight").values());
    assertThrows(ConvoyException.class, () -> numbers.tensor("layer.running_mean"));
  }

  @Test
  void parameters_follow_the_rule_of_their_key() {
    assertArrayEquals(
        new float[2], GoldenNumbers.parameter("bn.num_batches_tracked", Shape.of(2), 1).values());
    assertArrayEquals(
        GoldenNumbers.aroundOne("b.layer_scale", 8),
        GoldenNumbers.parameter("b.layer_scale", Shape.of(8, 1, 1), 1).values());
    ConvoyException refusal =
        assertThrows(
            ConvoyException.class, () -> GoldenNumbers.parameter("a.cls_token", Shape.of(3), 1));
    assertTrue(String.valueOf(refusal.getMessage()).contains("a.cls_token"));
  }
}
