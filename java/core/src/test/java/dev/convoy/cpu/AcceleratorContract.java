package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendContract;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.CacheSizes;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every accelerator has to fulfil beyond the contract of a backend. */
public abstract class AcceleratorContract extends BackendContract {
  /** Beyond it the reference takes too long for a quick test. */
  private static final long MOST_MACS = 30_000_000;

  protected abstract Accelerator accelerator();

  /** Whether it has convolutions for our layout on this machine. */
  protected boolean takesConvolutions() {
    return true;
  }

  @Override
  protected Backend backend() {
    NativeTests.assumePresent();
    return accelerator().create();
  }

  static Stream<ShapeFile.Named> shapes() {
    return Stream.of("lenet5", "alexnet", "mobilenet_v2", "resnet50", "odd")
        .flatMap(file -> ShapeFile.read(file + ".txt").stream())
        .filter(shape -> shape.macs() <= MOST_MACS);
  }

  /** A sum of n products in any order, with one rounding or two for each. */
  @ParameterizedTest
  @MethodSource("shapes")
  void sums_stay_within_the_bound_of_any_order(ShapeFile.Named shape) {
    Graph graph = convolution(shape);
    ParameterSource parameters = GoldenNumbers.of(graph, 1, Map.of());
    float[] image = GoldenNumbers.signed(shape.name(), shape.input().intSize());
    double[] expected = inDouble(graph, parameters, image);
    double[] magnitudes = inDouble(graph, key -> abs(key, parameters), abs(image));
    float[] actual = new float[expected.length];
    try (Plan plan = Plan.compile(graph, parameters, backend(), CompileOptions.DEFAULT)) {
      plan.run(1, new float[][] {image}, new float[][] {actual});
    }
    int terms =
        shape.op().window().kernelH()
                * shape.op().window().kernelW()
                * (shape.input().channels() / shape.op().groups())
            + 1;
    for (int i = 0; i < expected.length; i++) {
      double bound = (terms + 1) * 0x1p-24 * magnitudes[i];
      assertEquals(expected[i], actual[i], bound, "element " + i);
    }
  }

  private static Graph convolution(ShapeFile.Named shape) {
    return SingleLayer.of(shape.op(), shape.input());
  }

  /** Two inverted residuals. */
  private static final Graph BLOCKS =
      Network.of(
              Shape.chw(20, 33, 31),
              net -> {
                Net narrow = block(net, "first", 72);
                return block(narrow, "second", 96).add(narrow);
              })
          .graph();

  private static final int IMAGE = 20 * 33 * 31;
  private static final int RESULT = 24 * 33 * 31;

  private static Net block(Net net, String name, int wide) {
    return net.conv(name + ".expand", wide, 1)
        .relu6()
        .conv(name + ".depthwise", Conv2d.of(wide, 3).padding(1).groups(wide))
        .relu6()
        .conv(name + ".project", 24, 1);
  }

  private static CpuBackend inBands() {
    NativeTests.assumePresent();
    return CpuBackend.of(
        Isa.best(),
        (graph, batch, threads, ours) ->
            BatchSlicing.of(graph, batch, threads, new CacheSizes(64, 1 << 20), ours));
  }

  private CpuBackend auto() {
    return inBands().auto(List.of(accelerator()), Assertions::fail);
  }

  private static Plan compile(CpuBackend backend, CompileOptions options) {
    return Plan.compile(BLOCKS, GoldenNumbers.of(BLOCKS, 1, Map.of()), backend, options);
  }

  private static float[][] results(CpuBackend backend, CompileOptions options, float[][] images) {
    int batch = options.maxBatch();
    float[] input = new float[batch * IMAGE];
    float[] output = new float[batch * RESULT];
    for (int image = 0; image < batch; image++) {
      System.arraycopy(images[image], 0, input, image * IMAGE, IMAGE);
    }
    try (Plan plan = compile(backend, options)) {
      plan.run(batch, new float[][] {input}, new float[][] {output});
    }
    return IntStream.range(0, batch)
        .mapToObj(image -> Arrays.copyOfRange(output, image * RESULT, (image + 1) * RESULT))
        .toArray(float[][]::new);
  }

  private static void assumeOursAreQuick() {
    NativeTests.assumePresent();
    assumeTrue(Isa.best() != Isa.PORTABLE, "others are quicker than our portable kernels");
  }

  @Test
  void what_ours_compute_best_passes_in_bands_beside_it() {
    assumeOursAreQuick();
    String refusal = accelerator().name() + ": computes whole images only, not bands";
    try (Plan plan = compile(auto(), CompileOptions.DEFAULT.threads(1))) {
      List<Choice> banded = plan.choices().stream().filter(choice -> choice.rows() > 0).toList();
      assertEquals(6, banded.size(), plan::explain);
      assertTrue(
          banded.stream().allMatch(choice -> choice.refused().contains(refusal)), plan::explain);
    }
  }

  @Test
  void what_it_was_asked_for_passes_in_no_bands() {
    try (Plan plan =
        compile(inBands().accelerated(accelerator()), CompileOptions.DEFAULT.threads(1))) {
      for (Choice choice : plan.choices()) {
        boolean taken = choice.algorithm().startsWith(accelerator().name() + " ");
        assertTrue(!taken || choice.rows() == 0, plan::explain);
        assertTrue(
            taken || !choice.operation().contains(" 1x1 ") || !takesConvolutions(), plan::explain);
      }
    }
  }

  /** Where threads share an image it passes in no bands. */
  @Test
  void bands_beside_it_change_no_bit() {
    float[][] images =
        IntStream.range(0, 3)
            .mapToObj(image -> GoldenNumbers.signed("image " + image, IMAGE))
            .toArray(float[][]::new);
    float[][] expected = results(inBands(), new CompileOptions(3, Mode.FAST, 1), images);
    for (int threads : new int[] {1, 2}) {
      for (int batch = 1; batch <= 3; batch++) {
        float[][] actual = results(auto(), new CompileOptions(batch, Mode.FAST, threads), images);
        for (int image = 0; image < batch; image++) {
          assertArrayEquals(
              expected[image],
              actual[image],
              threads + " threads, image " + image + " of " + batch);
        }
      }
    }
  }

  @Test
  void tuning_measures_bands_as_they_are(@TempDir Path folder) {
    assumeOursAreQuick();
    CpuBackend backend = auto();
    CompileOptions options = CompileOptions.DEFAULT.threads(1);
    System.setProperty("dev.convoy.cache", folder.toString());
    try (Plan plan = compile(backend.tuned(), options)) {
      assertTrue(plan.choices().stream().anyMatch(choice -> choice.rows() > 0), plan::explain);
      Tuning tuning = Tuning.of(backend, options, plan.choices());
      try (Plan again = compile(backend.planned(tuning), options)) {
        assertEquals(
            plan.choices().stream().map(Choice::rows).toList(),
            again.choices().stream().map(Choice::rows).toList());
        assertEquals(
            plan.choices().stream().map(Choice::algorithm).toList(),
            again.choices().stream().map(Choice::algorithm).toList());
      }
    } finally {
      System.clearProperty("dev.convoy.cache");
    }
  }

  @Test
  void it_takes_matrix_products_and_none_in_exact_mode() {
    Network network =
        Network.of(
            Shape.chw(32, 14, 14),
            net -> net.conv("conv", Conv2d.of(64, 3).padding(1)).relu().flatten().linear("fc", 40));
    for (Mode mode : Mode.values()) {
      try (Plan plan =
          Plan.compile(
              network.graph(),
              GoldenNumbers.of(network.graph(), 1, Map.of()),
              backend(),
              CompileOptions.DEFAULT.mode(mode))) {
        long taken =
            plan.choices().stream()
                .filter(choice -> choice.algorithm().startsWith(accelerator().name() + " "))
                .count();
        assertEquals(mode == Mode.EXACT ? 0 : takesConvolutions() ? 2 : 1, taken, plan::explain);
      }
    }
  }

  /** A library with a thread pool for every caller would have 64 of them here. */
  @Test
  @Timeout(120)
  void callers_bring_no_further_threads() throws Exception {
    try (Plan plan = Crowd.plan(backend())) {
      long further = Crowd.of(64).run(plan);
      assertTrue(further <= 8, further + " further threads");
    }
  }

  private static double[] inDouble(Graph graph, ParameterSource parameters, float[] image) {
    try (var network =
        ReferenceBackend.float64().compile(graph, parameters, CompileOptions.DEFAULT)) {
      return network.runDouble(1, new float[][] {image})[0];
    }
  }

  private static Tensor abs(String key, ParameterSource source) {
    Tensor tensor = source.tensor(key);
    return new Tensor(tensor.shape(), abs(tensor.values()));
  }

  private static float[] abs(float[] values) {
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.abs(result[i]);
    }
    return result;
  }
}
