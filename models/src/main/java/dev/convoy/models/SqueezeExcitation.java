package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.nn.Net;

/**
 * Squeeze-and-excitation: every map is scaled by a number that a small network computes from the
 * means of all maps.
 *
 * @param inner the activation between its two layers
 * @param gate the activation that makes the factors
 * @see <a href="https://arxiv.org/abs/1709.01507">Hu, Shen, Albanie, Sun, Wu:
 *     Squeeze-and-Excitation Networks</a>, figure 3
 */
record SqueezeExcitation(Activation inner, Activation gate) {

  /**
   * With torchvision's names, of which {@code name.fc1} and {@code name.fc2} have parameters.
   *
   * @param squeezed channels between the two layers
   */
  Net append(Net x, String name, int squeezed) {
    return x.scope(
        name,
        s ->
            s.multiply(
                s.globalAveragePool("avgpool")
                    .conv("fc1", squeezed, 1)
                    .activate("activation", inner)
                    .conv("fc2", s.shape().channels(), 1)
                    .activate("scale_activation", gate)));
  }
}
