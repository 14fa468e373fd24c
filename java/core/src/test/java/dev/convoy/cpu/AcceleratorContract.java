package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendContract;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.backend.SingleLayer;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Network;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
