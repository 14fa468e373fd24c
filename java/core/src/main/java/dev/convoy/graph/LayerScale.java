package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import java.util.List;

/**
 * A map times a learned factor a channel. Its one parameter, of shape C×1×1, is stored under the
 * layer's own name.
 *
 * @see <a href="https://arxiv.org/abs/2103.17239">Touvron et al.: Going deeper with Image
 *     Transformers, 2.2</a>
 */
public record LayerScale() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyMap(inputs);
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    return List.of(
        ParameterSpec.trainable(ParameterSpec.LAYER_ITSELF, inputs.get(0).channels(), 1, 1));
  }

  @Override
  public String toString() {
    return "layer-scale";
  }
}
