package dev.convoy.models;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.nn.Network;
import dev.convoy.plan.Backends;
import dev.convoy.tensor.Shape;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.Weights;
import java.nio.file.Path;

/**
 * A published network: how to build it for any input size and number of classes, and what its
 * weights expect of images. Immutable.
 */
public final class Architecture {
  /** Builds the network for an input shape and a number of classes. */
  @FunctionalInterface
  interface Builder {
    Network build(Shape input, int classes);
  }

  private final String name;
  private final String title;
  private final Shape input;
  private final Labels labels;
  private final Preprocessing recipe;
  private final Builder builder;

  Architecture(
      String name,
      String title,
      Shape input,
      Labels labels,
      Preprocessing recipe,
      Builder builder) {
    this.name = name;
    this.title = title;
    this.input = input;
    this.labels = labels;
    this.recipe = recipe;
    this.builder = builder;
  }

  /** What users call it, such as {@code resnet50}. */
  public String name() {
    return name;
  }

  /** Its name in the literature and the year. */
  public String title() {
    return title;
  }

  /** The shape of one image in the published setting. */
  public Shape input() {
    return input;
  }

  public Labels labels() {
    return labels;
  }

  /** The preprocessing for weights that bring none of their own. */
  public Preprocessing recipe() {
    return recipe;
  }

  /** The network as published. */
  public Network network() {
    return network(input);
  }

  /** The network for images of another shape. */
  public Network network(Shape image) {
    return network(image, labels.size());
  }

  public Network network(Shape image, int classes) {
    return builder.build(image, classes);
  }

  /**
   * A classifier with weights from a file (safetensors or a PyTorch state dict), on the best
   * backend, one image at a time. The preprocessing is the file's own where it is a published one
   * ({@link PublishedWeights}).
   *
   * @throws dev.convoy.weights.WeightsException if the file is damaged or does not fit, naming
   *     every key at fault
   */
  public Classifier load(Path weights) {
    return load(weights, Backends.best(), CompileOptions.DEFAULT);
  }

  public Classifier load(Path weights, Backend backend, CompileOptions options) {
    return pretrained(weights).classifier(backend, options);
  }

  /** This network with weights from a file, as {@link #load} finds its preprocessing. */
  public Pretrained pretrained(Path weights) {
    Preprocessing own = PublishedWeights.of(weights).map(PublishedWeights::recipe).orElse(recipe);
    return pretrained(Weights.load(weights), own);
  }

  /** This network with these weights and this recipe. */
  public Pretrained pretrained(Weights weights, Preprocessing own) {
    return new Pretrained(network(own.outputShape()), weights, own, labels);
  }

  @Override
  public String toString() {
    return name;
  }
}
