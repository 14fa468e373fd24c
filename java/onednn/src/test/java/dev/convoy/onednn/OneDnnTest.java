package dev.convoy.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.cpu.Accelerator;
import dev.convoy.cpu.AcceleratorContract;
import dev.convoy.cpu.Isa;
import dev.convoy.nn.Network;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OneDnnTest extends AcceleratorContract {
  private static final Accelerator ACCELERATOR = new OneDnn();

  @Override
  protected Accelerator accelerator() {
    return ACCELERATOR;
  }

  /** With less, oneDNN has few kernels for blocks of sixteen channels. */
  @Override
  protected boolean takesConvolutions() {
    return Isa.best() == Isa.AVX512;
  }

  @Test
  void layersWithoutWeightsGoToItToo() {
    Backend oneDnn = backend();
    assumeTrue(takesConvolutions(), "oneDNN has no convolutions for our layout here");
    Network network =
        Network.of(
            Shape.chw(32, 12, 12),
            net ->
                net.batchNorm("norm")
                    .relu()
                    .averagePool(2)
                    .tanh()
                    .maxPool(2)
                    .globalAveragePool("global"));
    try (Plan plan =
        Plan.compile(
            network.graph(),
            GoldenNumbers.of(network.graph(), 1, Map.of()),
            oneDnn,
            CompileOptions.DEFAULT)) {
      List<Choice> choices = plan.choices();
      assertEquals(
          4,
          choices.stream().filter(choice -> choice.algorithm().startsWith("onednn ")).count(),
          plan::explain);
      assertTrue(
          choices.stream()
              .anyMatch(
                  choice ->
                      choice.algorithm().startsWith("max-pool ")
                          && choice
                              .refused()
                              .equals(List.of("onednn: oneDNN's maximum passes over NaN"))),
          plan::explain);
    }
  }
}
