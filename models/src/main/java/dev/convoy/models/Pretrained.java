package dev.convoy.models;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Parameter;
import dev.convoy.nn.Network;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Model;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.Weights;
import dev.convoy.weights.WeightsException;
import java.util.Optional;

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
 *
 * @param weights with all that the purpose needs, under the network's keys; features do without the
 *     classifier
 * @param recipe makes images of the network's input shape
 * @param labels one for each number of the network's result
 */
public record Pretrained(Network network, Weights weights, Preprocessing recipe, Labels labels) {
  /**
   * @throws ShapeException if the network's result is not one number for each label, or the recipe
   *     makes images of another shape than the network reads
   */
  public Pretrained {
    if (!network.output().equals(Shape.of(labels.size()))) {
      throw new ShapeException(
          "the network gives %s numbers an image, but there are %d labels: give one for each number"
              .formatted(network.output(), labels.size()));
    }
    if (!recipe.outputShape().equals(network.input())) {
      throw new ShapeException(
          "the recipe (%s) makes images of %s, but the network reads %s: build the network for recipe.outputShape()"
              .formatted(recipe, recipe.outputShape(), network.input()));
    }
  }

  /** Classes with their probabilities, on the best backend, one image at a time. */
  public Classifier classifier() {
    return classifier(CompileOptions.DEFAULT);
  }

  /** Classes with their probabilities, on the best backend. */
  public Classifier classifier(CompileOptions options) {
    return classifier(Backends.best(), options);
  }

  /**
   * Classes with their probabilities.
   *
   * @throws WeightsException if the weights have no classifier, or one for other classes
   */
  public Classifier classifier(Backend backend, CompileOptions options) {
    return new Classifier(
        Model.compile(network.graph(), weightsFor(network), backend, options), recipe, labels);
  }

  /** What a layer gives, on the best backend, one image at a time. */
  public FeatureExtractor features(String layer) {
    return features(layer, CompileOptions.DEFAULT);
  }

  /** What a layer gives, on the best backend. */
  public FeatureExtractor features(String layer, CompileOptions options) {
    return features(layer, Backends.best(), options);
  }

  /**
   * What a layer gives; nothing behind that layer is computed, nor need the weights have it.
   *
   * @param layer the name of a layer, or of a scope for what its last layer gives
   * @throws ShapeException if there is no such layer, naming the nearest ones
   */
  public FeatureExtractor features(String layer, Backend backend, CompileOptions options) {
    Network upTo = network.at(layer);
    return new FeatureExtractor(
        Model.compile(upTo.graph(), weightsFor(upTo), backend, options), recipe);
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

  /**
   * The weights, once they are sure to have all that these results need.
   *
   * @param results the network, or what {@link Network#at} makes of it
   * @throws WeightsException with the cure and the keys at fault
   */
  public Weights weightsFor(Network results) {
    return weights.matching(results.graph(), () -> cure(results));
  }

  /** What to do about a classifier that is not there, or for other classes. */
  private Optional<String> cure(Network results) {
    return FittedWeights.classifier(network.graph())
        .map(classifier -> classifier.storedParameters().get(0))
        .filter(results.graph().liveParameters()::containsValue)
        .flatMap(this::cure);
  }

  private Optional<String> cure(Parameter.Stored expected) {
    Shape given = weights.shapes().get(expected.key());
    if (given == null) {
      return Optional.of(
          "Without a classifier there is still what a layer gives: --at LAYER on the command line,"
              + " features(layer) in Java");
    }
    return given.rank() == 0 || given.dim(0) == labels.size()
        ? Optional.empty()
        : Optional.of(
            ("The weights are for %1$d classes, the network has %2$d: --labels FILE or --classes %1$d on the"
                    + " command line, withLabels or withClasses(%1$d) in Java")
                .formatted(given.dim(0), labels.size()));
  }
}
