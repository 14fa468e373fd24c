package dev.convoy.models;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Parameter;
import dev.convoy.nn.Network;
import dev.convoy.plan.Backends;
import dev.convoy.tensor.Shape;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.WeightFile;
import dev.convoy.weights.Weights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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

  /**
   * The name of the network that its published weights were trained as: a network without auxiliary
   * heads takes those of the one with them.
   */
  String publishedAs() {
    return name.replaceFirst("_without_aux$", "");
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

  /**
   * The network as published. Most give scores, of which a {@link Classifier} makes probabilities;
   * {@code lenet5} and {@code alexnet_original} end in a softmax.
   */
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
   * The same network for other classes: what fine-tuned weights need.
   *
   * <pre>{@code Models.resnet50().withLabels(Labels.read(Path.of("flowers.txt"))).load(weights)}
   * </pre>
   */
  public Architecture withLabels(Labels other) {
    return new Architecture(name, title, input, other, recipe, builder);
  }

  /** The same network for so many classes, which have only numbers. */
  public Architecture withClasses(int classes) {
    return withLabels(Labels.numbered(classes));
  }

  /**
   * The same network for as many classes as a weight file's classifier has; this one where the file
   * has no classifier of this network's. The file is looked into, not loaded.
   *
   * @throws dev.convoy.weights.WeightsException if the file is damaged
   */
  public Architecture withClassesOf(Path weights) {
    OptionalInt classes = classesOf(WeightFile.inspect(weights).shapes());
    return classes.isEmpty() ? this : withClasses(classes.getAsInt());
  }

  /** How many classes tensors of these shapes are for; empty if none is of the classifier. */
  OptionalInt classesOf(Map<String, Shape> tensors) {
    // What grows with the number of classes is the classifier, and those of the auxiliary heads.
    Set<Parameter.Stored> here = Set.copyOf(network().graph().storedParameters().values());
    Graph wider = network(input, labels.size() + 1).graph();
    Set<String> classifier =
        wider.storedParameters().values().stream()
            .filter(parameter -> !here.contains(parameter))
            .map(Parameter.Stored::key)
            .collect(Collectors.toSet());
    UnaryOperator<String> translation = FittedWeights.translation(this, tensors.keySet());
    return tensors.entrySet().stream()
        .filter(tensor -> classifier.contains(translation.apply(tensor.getKey())))
        .map(Map.Entry::getValue)
        .filter(shape -> shape.rank() > 0)
        .mapToInt(shape -> shape.dim(0))
        .findFirst();
  }

  /**
   * The preprocessing that belongs to a weight file: its own, else {@link #recipe()}, which is that
   * of the network's first published weights. A renamed file has lost its own.
   */
  public Preprocessing recipe(Path weights) {
    return ownRecipe(weights).orElse(recipe);
  }

  /**
   * The preprocessing that a weight file brings: that of the {@link PublishedWeights} of its name,
   * else what timm's {@code config.json} beside it says.
   */
  public static Optional<Preprocessing> ownRecipe(Path weights) {
    return PublishedWeights.of(weights)
        .map(PublishedWeights::recipe)
        .or(() -> TimmConfig.beside(weights).map(TimmConfig::recipe));
  }

  /**
   * A classifier with weights from a file (safetensors or a PyTorch state dict), on the best
   * backend, one image at a time; the preprocessing is {@link #recipe(Path)}. Keys of timm and of
   * PyTorch's first DenseNets are understood.
   *
   * @throws dev.convoy.weights.WeightsException if the file is damaged or does not fit, with the
   *     cure and the keys at fault
   */
  public Classifier load(Path weights) {
    return load(weights, CompileOptions.DEFAULT);
  }

  /**
   * The same for batches.
   *
   * <pre>{@code Models.resnet50().load(weights, CompileOptions.DEFAULT.maxBatch(32))}</pre>
   */
  public Classifier load(Path weights, CompileOptions options) {
    return load(weights, Backends.best(), options);
  }

  public Classifier load(Path weights, Backend backend, CompileOptions options) {
    return pretrained(weights).classifier(backend, options);
  }

  /**
   * This network with weights from a file, found and checked as by {@link #load}; the classifier
   * alone may be absent, or for another number of classes, where nobody asks for classes.
   */
  public Pretrained pretrained(Path weights) {
    return pretrained(weights, recipe(weights));
  }

  /**
   * The same with a recipe that neither the file's name nor its folder tells.
   *
   * <pre>{@code
   * Architecture resnet = Models.resnet50();
   * resnet.pretrained(Path.of("mine.pth"), PublishedWeights.named(resnet, "IMAGENET1K_V2").recipe())
   * }</pre>
   */
  public Pretrained pretrained(Path weights, Preprocessing own) {
    Architecture labelled = TimmConfig.of(weights).map(c -> c.checked(this)).orElse(this);
    return labelled.pretrained(Weights.load(weights), own);
  }

  /**
   * This network with these weights and this recipe; the keys may be those that {@link #load}
   * reads.
   */
  public Pretrained pretrained(Weights weights, Preprocessing own) {
    FittedWeights fitted = FittedWeights.of(this, network(own.outputShape()), weights);
    return new Pretrained(fitted.network(), fitted.weights(), own, labels);
  }

  @Override
  public String toString() {
    return name;
  }
}
