package dev.convoy.models;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.nn.Network;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Model;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.Weights;

/**
 * A network with the weights, the recipe and the labels that belong to it, before it is compiled
 * for a purpose. Immutable.
 *
 * <pre>{@code
 * Pretrained resnet = Models.resnet50().pretrained(Path.of("resnet50-0676ba61.pth"));
 * try (FeatureExtractor embeddings = resnet.features("avgpool")) {
 *   Tensor features = embeddings.features(Image.read(Path.of("dog.jpg"))); // 2048x1x1
 * }
 * }</pre>
 */
public record Pretrained(Network network, Weights weights, Preprocessing recipe, Labels labels) {

  /** Classes with their probabilities. */
  public Classifier classifier(Backend backend, CompileOptions options) {
    return new Classifier(Model.of(network, weights, backend, options), recipe, labels);
  }

  /** What a layer gives, on the best backend, one image at a time. */
  public FeatureExtractor features(String layer) {
    return features(layer, Backends.best(), CompileOptions.DEFAULT);
  }

  /**
   * What a layer gives; nothing behind that layer is computed.
   *
   * @param layer the name of a layer, or of a scope for what its last layer gives
   * @throws dev.convoy.tensor.ShapeException if there is no such layer, naming the nearest ones
   */
  public FeatureExtractor features(String layer, Backend backend, CompileOptions options) {
    return new FeatureExtractor(Model.of(network.at(layer), weights, backend, options), recipe);
  }

  /** Class activation maps, on the best backend. */
  public ActivationMaps activationMaps() {
    return activationMaps(Backends.best(), CompileOptions.DEFAULT);
  }

  /**
   * Class activation maps.
   *
   * @throws dev.convoy.ConvoyException if the network does not end in global average pooling and
   *     one linear layer, saying what it has there instead
   */
  public ActivationMaps activationMaps(Backend backend, CompileOptions options) {
    return new ActivationMaps(this, backend, options);
  }
}
