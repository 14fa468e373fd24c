package dev.convoy.cli;

import dev.convoy.graph.ParameterSource;
import dev.convoy.models.Architecture;
import dev.convoy.models.Pretrained;
import dev.convoy.nn.Network;
import dev.convoy.reference.GoldenNumbers;
import java.util.Map;

/**
 * A network and numbers for all its parameters.
 *
 * @param network as the weights were trained
 */
public record Weighted(Network network, ParameterSource parameters) {
  /** Keeps the magnitude of activations behind ReLU (He et al., arXiv:1502.01852). */
  private static final double HE_GAIN = Math.sqrt(2);

  static Weighted of(Pretrained pretrained) {
    return new Weighted(pretrained.network(), pretrained.weightsFor(pretrained.network()));
  }

  /** A published network with numbers that are the same on every machine. */
  static Weighted madeUp(Architecture architecture) {
    return madeUp(architecture.network());
  }

  /** Any network with numbers that are the same on every machine. */
  public static Weighted madeUp(Network network) {
    return new Weighted(network, GoldenNumbers.of(network.graph(), HE_GAIN, Map.of()));
  }
}
