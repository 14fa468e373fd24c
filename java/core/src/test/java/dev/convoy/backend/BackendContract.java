package dev.convoy.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.backend.ContractCase.Guarantee;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend has to fulfil; its test inherits this class and names the backend. */
public abstract class BackendContract {
  private static final int MAX_BATCH = 3;
  private static final CompileOptions OPTIONS = CompileOptions.DEFAULT.maxBatch(MAX_BATCH);

  protected abstract Backend backend();

  /** Whose bits it gives in exact mode. */
  protected ReferenceBackend standard() {
    return ReferenceBackend.float32();
  }

  /** The graph as this backend wants it, such as after assigning layouts; the same results. */
  protected Graph prepare(Graph graph) {
    return graph;
  }

  static Stream<ContractCase> all() {
    return ContractCase.all().stream();
  }

  static Stream<ContractCase> withBits() {
    return all().filter(c -> c.guarantee() != Guarantee.CLOSE);
  }

  static Stream<ContractCase> exactOnIntegers() {
    return all().filter(c -> c.guarantee() == Guarantee.EXACT_ON_INTEGERS);
  }

  @ParameterizedTest
  @MethodSource("exactOnIntegers")
  void whole_numbers_are_computed_exactly(ContractCase layer) {
    double[] expected = judge(layer.graph(), Fill.INTEGERS);
    float[] actual = run(layer.graph(), Fill.INTEGERS, Mode.EXACT);
    for (int i = 0; i < expected.length; i++) {
      assertEquals((float) expected[i] + 0f, actual[i] + 0f, "element " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("withBits")
  void exact_mode_gives_the_bits_of_the_reference(ContractCase layer) {
    float[] expected = run(standard(), layer.graph(), layer.graph(), Fill.REALS, Mode.EXACT);
    Outputs.assertSameBits(expected, run(layer.graph(), Fill.REALS, Mode.EXACT));
  }

  @ParameterizedTest
  @MethodSource("all")
  void every_mode_is_close_to_double_precision(ContractCase layer) {
    double[] expected = judge(layer.graph(), Fill.REALS);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (Mode mode : Mode.values()) {
      float[] actual = run(layer.graph(), Fill.REALS, mode);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 1e-4 * largest, mode + ", element " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_image_gives_the_same_bits_alone_and_in_any_batch(ContractCase layer) {
    for (Mode mode : Mode.values()) {
      Graph graph = layer.graph();
      float[][] inputs = Fill.REALS.inputs(graph, MAX_BATCH);
      int size = Outputs.size(graph);
      try (var network = compile(graph, Fill.REALS, OPTIONS.mode(mode));
          Execution execution = network.open()) {
        float[] together = new float[MAX_BATCH * size];
        execution.run(MAX_BATCH, inputs, new float[][] {together});
        float[] again = new float[MAX_BATCH * size];
        execution.run(MAX_BATCH, inputs, new float[][] {again});
        Outputs.assertSameBits(together, again);
        for (int image = 0; image < MAX_BATCH; image++) {
          float[] alone = new float[size];
          execution.run(1, image(inputs, image), new float[][] {alone});
          Outputs.assertSameBits(
              Arrays.copyOfRange(together, image * size, (image + 1) * size), alone);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void outputs_are_written_wholly_and_nothing_else_is(ContractCase layer) {
    Graph graph = layer.graph();
    float[][] inputs = Fill.REALS.inputs(graph, MAX_BATCH);
    float[][] kept = Arrays.stream(inputs).map(float[]::clone).toArray(float[][]::new);
    int written = 2 * Outputs.size(graph);
    float[] output = new float[MAX_BATCH * Outputs.size(graph) + 7];
    Arrays.fill(output, Float.NaN);
    try (var network = compile(graph, Fill.REALS, OPTIONS);
        Execution execution = network.open()) {
      execution.run(2, inputs, new float[][] {output});
    }
    for (int i = 0; i < output.length; i++) {
      assertEquals(i >= written, Float.isNaN(output[i]), "NaN at element " + i + " of " + written);
    }
    assertArrayEquals(kept, inputs, "the inputs are only read");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void nan_wins_a_maximum_and_a_minimum(Mode mode) {
    for (Pooling kind : List.of(Pooling.MAX, Pooling.MIN)) {
      Graph graph = SingleLayer.of(Pool2d.of(kind, 2), Shape.chw(1, 2, 8));
      float nan = Float.NaN;
      float[] pixels = {nan, 1, 1, nan, 1, 2, 3, 4, 1, 2, 3, 4, nan, 0, 1, -5};
      float[] result = new float[4];
      try (var network = compile(graph, Fill.REALS, OPTIONS.mode(mode));
          Execution execution = network.open()) {
        execution.run(1, new float[][] {pixels}, new float[][] {result});
      }
      assertArrayEquals(new float[] {nan, nan, nan, kind == Pooling.MAX ? 4 : -5}, result);
    }
  }

  @Test
  void a_batch_out_of_range_is_refused() {
    onSmallNetwork(
        (network, execution) -> {
          float[][] inputs = Fill.REALS.inputs(ContractNetworks.small(), MAX_BATCH + 1);
          float[][] outputs = Outputs.of(ContractNetworks.small(), MAX_BATCH + 1);
          for (int batch : new int[] {0, -1, Integer.MIN_VALUE, MAX_BATCH + 1, 1 << 30}) {
            refused(String.valueOf(batch), () -> execution.run(batch, inputs, outputs));
          }
        });
  }

  @Test
  void arrays_that_are_missing_or_short_are_refused() {
    onSmallNetwork(
        (network, execution) -> {
          float[][] in = Fill.REALS.inputs(ContractNetworks.small(), 2);
          float[][] out = Outputs.of(ContractNetworks.small(), 2);
          float[][] none = {};
          float[][] shortInput = {Arrays.copyOf(in[0], in[0].length - 1)};
          float[][] shortOutput = {out[0], Arrays.copyOf(out[1], out[1].length - 1), out[2]};
          float[][] tooFew = {out[0], out[1]};
          float[][] tooMany = {in[0], in[0]};
          refused("0", () -> execution.run(2, none, out));
          refused("2", () -> execution.run(2, tooMany, out));
          refused("2", () -> execution.run(2, in, tooFew));
          refused(String.valueOf(shortInput[0].length), () -> execution.run(2, shortInput, out));
          refused(String.valueOf(shortOutput[1].length), () -> execution.run(2, in, shortOutput));
          execution.run(1, shortInput, out);
        });
  }

  @Test
  void a_refused_run_changes_nothing() {
    onSmallNetwork(
        (network, execution) -> {
          float[][] in = Fill.REALS.inputs(ContractNetworks.small(), 1);
          float[][] out = Outputs.of(ContractNetworks.small(), 1);
          Arrays.stream(out).forEach(array -> Arrays.fill(array, 7));
          refused("", () -> execution.run(2, in, out));
          for (float[] array : out) {
            float[] sevens = new float[array.length];
            Arrays.fill(sevens, 7);
            assertArrayEquals(sevens, array);
          }
        });
  }

  static Stream<Graph> networks() {
    return Stream.of(
        ContractNetworks.small(),
        ContractNetworks.branching(false),
        ContractNetworks.branching(true));
  }

  /** Memory that is reused too early, or an output that is overwritten, shows here. */
  @ParameterizedTest
  @MethodSource("networks")
  void networks_give_the_bits_of_the_reference_at_every_output(Graph graph) {
    float[][] inputs = Fill.REALS.inputs(graph, 2);
    float[][] expected = Outputs.of(graph, 2);
    float[][] actual = Outputs.of(graph, 2);
    ReferenceBackend reference = standard();
    CompileOptions exact = OPTIONS.mode(Mode.EXACT);
    try (var network = reference.compile(graph, Fill.REALS.parameters(graph), exact);
        var execution = network.open()) {
      execution.run(2, inputs, expected);
    }
    try (var network = compile(graph, Fill.REALS, exact);
        var execution = network.open()) {
      for (int run = 0; run < 2; run++) {
        execution.run(2, inputs, actual);
        for (int o = 0; o < expected.length; o++) {
          Outputs.assertSameBits(expected[o], actual[o]);
        }
      }
    }
  }

  @Test
  void threads_with_executions_of_their_own_do_not_meet() throws Exception {
    Graph graph = ContractNetworks.small();
    int runners = 4;
    try (var network = compile(graph, Fill.REALS, OPTIONS)) {
      List<float[][]> inputs = new ArrayList<>();
      List<float[][]> expected = new ArrayList<>();
      for (int r = 0; r < runners; r++) {
        int count = graph.node(0).shape().batch(MAX_BATCH).intSize();
        inputs.add(new float[][] {Fill.REALS.input("runner" + r, count)});
        expected.add(Outputs.of(graph, MAX_BATCH));
        try (Execution execution = network.open()) {
          execution.run(MAX_BATCH, inputs.get(r), expected.get(r));
        }
      }
      ExecutorService threads = Executors.newFixedThreadPool(runners);
      try {
        List<Future<?>> done = new ArrayList<>();
        for (int r = 0; r < runners; r++) {
          float[][] in = inputs.get(r);
          float[][] wanted = expected.get(r);
          done.add(threads.submit(() -> runAgainAndAgain(network, in, wanted)));
        }
        for (Future<?> runner : done) {
          await(runner);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private void runAgainAndAgain(Executable network, float[][] inputs, float[][] expected) {
    try (Execution execution = network.open()) {
      for (int i = 0; i < 25; i++) {
        float[][] actual = Outputs.of(ContractNetworks.small(), MAX_BATCH);
        execution.run(MAX_BATCH, inputs, actual);
        for (int o = 0; o < actual.length; o++) {
          Outputs.assertSameBits(expected[o], actual[o]);
        }
      }
    }
  }

  private static void await(Future<?> runner) throws InterruptedException {
    try {
      runner.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Test
  void the_number_of_threads_does_not_change_a_bit() {
    Graph graph = SingleLayer.of(Conv2d.of(37, 3).padding(1), Shape.chw(35, 21, 23));
    for (Mode mode : Mode.values()) {
      List<float[]> results = new ArrayList<>();
      for (int threads : new int[] {1, 2, 0}) {
        float[] result = new float[Outputs.size(graph)];
        try (var network = compile(graph, Fill.REALS, OPTIONS.mode(mode).threads(threads));
            var execution = network.open()) {
          execution.run(1, Fill.REALS.inputs(graph, 1), new float[][] {result});
        }
        results.add(result);
      }
      Outputs.assertSameBits(results.get(0), results.get(1));
      Outputs.assertSameBits(results.get(0), results.get(2));
    }
  }

  @Test
  void what_is_closed_says_so() {
    Graph graph = ContractNetworks.small();
    float[][] in = Fill.REALS.inputs(graph, 1);
    float[][] out = Outputs.of(graph, 1);
    var network = compile(graph, Fill.REALS, OPTIONS);
    Execution execution = network.open();
    execution.run(1, in, out);
    execution.close();
    execution.close();
    assertThrows(IllegalStateException.class, () -> execution.run(1, in, out));
    network.close();
    network.close();
    assertThrows(IllegalStateException.class, network::open);
  }

  @Test
  void choices_and_times_are_given_for_every_step() {
    onSmallNetwork(
        (network, execution) -> {
          List<Choice> choices = network.choices();
          for (Choice choice : choices) {
            assertTrue(choice.macs() >= 0 && choice.bytes() >= 0, choice.toString());
            assertTrue(!choice.algorithm().isBlank(), choice.toString());
          }
          assertEquals(
              ContractNetworks.small().macs(), choices.stream().mapToLong(Choice::macs).sum());
          long[] nanos = new long[choices.size()];
          Arrays.fill(nanos, -1);
          float[][] in = Fill.REALS.inputs(ContractNetworks.small(), 1);
          execution.profile(1, in, Outputs.of(ContractNetworks.small(), 1), nanos);
          for (long time : nanos) {
            assertTrue(time >= 0, "times " + Arrays.toString(nanos));
          }
          refused(
              "1",
              () -> execution.profile(1, in, Outputs.of(ContractNetworks.small(), 1), new long[1]));
        });
  }

  @Test
  void the_name_is_one_lower_case_word() {
    assertTrue(backend().name().matches("[a-z][a-z0-9-]*"), backend().name());
  }

  private interface Trial {
    void on(Executable network, Execution execution);
  }

  private void onSmallNetwork(Trial trial) {
    try (var network = compile(ContractNetworks.small(), Fill.REALS, OPTIONS);
        Execution execution = network.open()) {
      trial.on(network, execution);
    }
  }

  private static void refused(String named, Runnable call) {
    ConvoyException refusal = assertThrows(ConvoyException.class, call::run);
    assertTrue(String.valueOf(refusal.getMessage()).contains(named), refusal.getMessage());
  }

  private Executable compile(Graph graph, Fill fill, CompileOptions options) {
    return backend().compile(prepare(graph), fill.parameters(graph), options);
  }

  private float[] run(Graph graph, Fill fill, Mode mode) {
    return run(backend(), prepare(graph), graph, fill, mode);
  }

  private static float[] run(Backend backend, Graph prepared, Graph graph, Fill fill, Mode mode) {
    float[][] result = Outputs.of(graph, 1);
    try (var network = backend.compile(prepared, fill.parameters(graph), OPTIONS.mode(mode));
        var execution = network.open()) {
      execution.run(1, fill.inputs(graph, 1), result);
    }
    return result[0];
  }

  private static double[] judge(Graph graph, Fill fill) {
    try (var network = ReferenceBackend.float64().compile(graph, fill.parameters(graph), OPTIONS)) {
      return network.runDouble(1, fill.inputs(graph, 1))[0];
    }
  }

  private static float[][] image(float[][] inputs, int image) {
    float[][] one = new float[inputs.length][];
    for (int i = 0; i < one.length; i++) {
      int size = inputs[i].length / MAX_BATCH;
      one[i] = Arrays.copyOfRange(inputs[i], image * size, (image + 1) * size);
    }
    return one;
  }
}
