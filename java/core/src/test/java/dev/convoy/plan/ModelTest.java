package dev.convoy.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.Execution;
import dev.convoy.backend.RunException;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  private static final Network NETWORK =
      Network.of(
          Shape.chw(3, 6, 5),
          net -> net.conv("c", Conv2d.of(4, 3)).relu().flatten().linear("fc", 2));

  private static Weights weights() {
    return Weights.of(
        Map.of(
            "c.weight", filled(4, 3, 3, 3),
            "c.bias", filled(4),
            "fc.weight", filled(2, 48),
            "fc.bias", filled(2)));
  }

  private static Tensor filled(int... dims) {
    Shape shape = Shape.of(dims);
    return new Tensor(shape, GoldenNumbers.signed("values", shape.intSize()));
  }

  private static Model model(int maxBatch) {
    return Model.of(NETWORK, weights(), Backends.best(), CompileOptions.DEFAULT.maxBatch(maxBatch));
  }

  @Test
  void aBatchGivesWhatItsImagesGive() {
    try (Model model = model(3)) {
      Tensor images = filled(3, 3, 6, 5);
      Tensor together = model.run(images);
      assertEquals(Shape.of(3, 2), together.shape());
      for (int i = 0; i < 3; i++) {
        float[] image = Arrays.copyOfRange(images.values(), i * 90, (i + 1) * 90);
        Tensor alone = model.run(new Tensor(model.input(), image));
        assertEquals(Shape.of(2), alone.shape());
        assertArrayEquals(
            Arrays.copyOfRange(together.values(), i * 2, (i + 1) * 2), alone.values());
      }
    }
  }

  @Test
  void wrongImagesAreRefused() {
    try (Model model = model(2)) {
      assertEquals(
          "the network reads images of shape 3x6x5 (or a batch of them), got 3x5x6",
          assertThrows(ShapeException.class, () -> model.run(filled(3, 5, 6))).getMessage());
      assertThrows(RunException.class, () -> model.run(filled(3, 3, 6, 5)));
    }
  }

  @Test
  void preparedImagesLieOneAfterTheOther() {
    try (Model model = model(3)) {
      Tensor images = filled(3, 3, 6, 5);
      assertArrayEquals(model.run(images).values(), model.run(3, images.values()));
      assertArrayEquals(
          Arrays.copyOf(model.run(images).values(), 4), model.run(2, images.values()));
    }
  }

  /** 2^30 results of 2 floats would be more than an array holds. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4, 1 << 21, 1 << 30})
  void aWrongNumberOfImagesIsRefusedBeforeMemoryIsAskedFor(int images) {
    try (Model model = model(3)) {
      assertThrows(RunException.class, () -> model.run(images, new float[270]));
    }
  }

  @Test
  void useAfterCloseIsAnException() {
    Model model = model(1);
    model.close();
    model.close();
    assertThrows(IllegalStateException.class, () -> model.run(filled(3, 6, 5)));
  }

  @Test
  void explainNamesEveryStep() {
    try (Model model =
        Model.of(NETWORK, weights(), ReferenceBackend.float32(), CompileOptions.DEFAULT)) {
      String text = model.explain();
      assertTrue(text.startsWith("reference backend, FAST, batch up to 1\n"), text);
      assertTrue(text.contains("conv2d 4 3x3 bias + relu"), text);
    }
  }

  @Test
  void theReferenceKeepsAllOnTheHeap() {
    try (Model model =
        Model.of(NETWORK, weights(), ReferenceBackend.float32(), CompileOptions.DEFAULT)) {
      assertEquals(0, model.plan().weightBytes());
      assertEquals(0, model.plan().runBytes());
    }
  }

  @Test
  void closingWhileManyRunEndsEveryRunOrRefusesIt()
      throws InterruptedException, ExecutionException {
    Tensor image = filled(3, 6, 5);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    for (int round = 0; round < 20; round++) {
      Model model = model(1);
      float[] expected = model.run(image).values();
      List<Future<?>> runs =
          IntStream.range(0, 16)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            try {
                              while (true) {
                                assertArrayEquals(expected, model.run(image).values());
                              }
                            } catch (IllegalStateException closed) {
                              assertEquals(
                                  "the model was closed: it cannot be used any more",
                                  closed.getMessage());
                            }
                          }))
              .toList();
      model.close();
      for (Future<?> run : runs) {
        run.get();
      }
    }
    threads.shutdown();
  }

  @Test
  void anUnknownBackendIsNamed() {
    ConvoyException unknown = assertThrows(ConvoyException.class, () -> Backends.named("gpu9000"));
    assertEquals(
        "there is no backend 'gpu9000'; present are [native, auto, reference, reference64]",
        unknown.getMessage());
  }

  /** A backend that only tells when it is freed. */
  private record Watched(AtomicBoolean freed) implements Backend {
    @Override
    public String name() {
      return "watched";
    }

    @Override
    public Executable compile(Graph graph, ParameterSource parameters, CompileOptions options) {
      Executable real = ReferenceBackend.float32().compile(graph, parameters, options);
      return new Executable() {
        @Override
        public Execution open() {
          return real.open();
        }

        @Override
        public List<dev.convoy.backend.Choice> choices() {
          return real.choices();
        }

        @Override
        public void close() {
          freed.set(true);
          real.close();
        }
      };
    }
  }

  @Test
  void aForgottenModelIsFreed() throws InterruptedException {
    AtomicBoolean freed = new AtomicBoolean();
    forget(new Watched(freed));
    for (int i = 0; i < 100 && !freed.get(); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertTrue(freed.get());
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static void forget(Backend backend) {
    Graph graph = Network.of(Shape.chw(1, 2, 2), Net::relu).graph();
    Model forgotten =
        Model.compile(graph, key -> Tensor.zeros(Shape.of(1)), backend, CompileOptions.DEFAULT);
    assertEquals(Shape.chw(1, 2, 2), forgotten.output());
  }
}
