package dev.convoy.models;

import dev.convoy.nn.Network;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How other software names the parameters of a network that is here under torchvision's keys. To
 * add a scheme: a class, and its place in {@link FittedWeights}.
 */
interface KeyNaming {
  /**
   * From these keys to torchvision's; empty where the keys are not of this scheme. A key that it
   * does not know stays what it is, and is reported as unexpected later.
   */
  Optional<UnaryOperator<String>> torchvision(Architecture architecture, Set<String> keys);

  /** The network as weights of this scheme were trained. */
  default Network trained(Architecture architecture, Network network) {
    return network;
  }
}
