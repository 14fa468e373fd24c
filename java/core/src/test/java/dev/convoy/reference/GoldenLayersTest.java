package dev.convoy.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single layers against the answers of independent software, computed in double precision. */
class GoldenLayersTest {
  private static final List<String> FILES =
      List.of("conv2d", "pool2d", "activation", "linear", "norm", "resize", "shape", "softmax");

  private static Stream<Json> lines(String file) {
    return Json.lines("/goldens/" + file + ".jsonl").stream().map(Json::parse);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conv2d", "pool2d", "activation", "linear", "norm", "resize", "shape", "softmax"})
  void a_layer_gives_the_published_answer(String file) {
    List<String> departures = new ArrayList<>();
    lines(file)
        .flatMap(line -> GoldenLayer.of(line).stream())
        .forEach(layer -> departures.addAll(departures(layer)));
    assertEquals(List.of(), departures);
  }

  /** So that no case is skipped by accident: what the graph has no operation for, by name. */
  @Test
  void all_other_cases_are_known_to_be_no_operation_of_a_graph() {
    Map<String, Integer> covered = new TreeMap<>();
    TreeSet<String> others = new TreeSet<>();
    for (String file : FILES) {
      lines(file)
          .forEach(
              line -> {
                if (GoldenLayer.of(line).isPresent()) {
                  covered.merge(file, 1, Integer::sum);
                } else if (!line.text("op").endsWith("_grad")) {
                  others.add(line.text("id"));
                }
              });
    }
    assertEquals(
        Map.of(
            "conv2d",
            91,
            "pool2d",
            33,
            "activation",
            15,
            "linear",
            4,
            "norm",
            7,
            "resize",
            7,
            "shape",
            5,
            "softmax",
            4),
        covered);
    assertEquals(
        List.of(
            "argmax/001",
            "batch_norm_train/001",
            "batch_norm_train/003",
            "batch_norm_train/004",
            "bce_with_logits/001",
            "channel_shuffle/001",
            "concat/003",
            "cross_entropy/001",
            "cross_entropy/003",
            "cross_entropy/004",
            "group_norm/001",
            "instance_norm/001",
            "l1_loss/001",
            "layer_norm/001",
            "mse_loss/001",
            "mul/001",
            "prelu/001",
            "smooth_l1_loss/001",
            "softmax/004",
            "squeeze_excite/001",
            "topk/001",
            "transpose/001"),
        List.copyOf(others));
  }

  private static List<String> departures(GoldenLayer layer) {
    List<String> found = new ArrayList<>();
    Json golden = layer.line().object("out").object("y");
    double[] wide;
    double[] narrow;
    CompileOptions options = CompileOptions.DEFAULT.maxBatch(layer.batch()).mode(Mode.EXACT);
    try (var network =
        ReferenceBackend.float64().compile(layer.graph(), layer.parameters(), options)) {
      wide = network.runDouble(layer.batch(), layer.inputArrays())[0];
    }
    try (var network =
        ReferenceBackend.float32().compile(layer.graph(), layer.parameters(), options)) {
      narrow = network.runDouble(layer.batch(), layer.inputArrays())[0];
    }
    double largest = 0;
    for (double value : wide) {
      largest = Math.max(largest, Math.abs(value));
    }
    compare(layer, "float64", golden, wide, 1e-8 * largest, 1e-8, found);
    double tolerance = 8 * golden.number("f32_err") + 2e-6 * largest;
    compare(layer, "float32", golden, narrow, tolerance, 1e-5, found);
    return found;
  }

  /** Sampled values and the sums over the whole tensor. */
  private static void compare(
      GoldenLayer layer,
      String precision,
      Json golden,
      double[] actual,
      double tolerance,
      double sumTolerance,
      List<String> found) {
    String id = layer.line().text("id") + " " + precision;
    int[] shape = golden.integers("shape");
    int size = 1;
    for (int d : shape) {
      size *= d;
    }
    assertEquals(size, actual.length, id);
    double[] values = golden.numbers("val");
    int[] positions = golden.integers("idx");
    assertTrue(positions.length > 0, id);
    for (int i = 0; i < positions.length; i++) {
      check(id + " at " + positions[i], values[i], actual[positions[i]], tolerance, found);
    }
    double sum = 0;
    double abs = 0;
    double dot = 0;
    float[] probe = GoldenNumbers.signed("probe", actual.length);
    for (int i = 0; i < actual.length; i++) {
      sum += actual[i];
      abs += Math.abs(actual[i]);
      dot += actual[i] * probe[i];
    }
    double bound = sumTolerance * golden.number("abs");
    check(id + " sum", golden.number("sum"), sum, bound, found);
    check(id + " abs", golden.number("abs"), abs, bound, found);
    check(id + " dot", golden.number("dot"), dot, bound, found);
  }

  private static void check(
      String what, double expected, double actual, double tolerance, List<String> found) {
    if (!(Math.abs(expected - actual) <= tolerance)) {
      found.add(
          "%s: expected %.9g, got %.9g, tolerance %.1e"
              .formatted(what, expected, actual, tolerance));
    }
  }
}
