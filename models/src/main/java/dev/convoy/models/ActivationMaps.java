package dev.convoy.models;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Node;
import dev.convoy.nn.Network;
import dev.convoy.plan.Model;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Heatmap;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;
import dev.convoy.weights.Weights;
import java.util.List;

/**
 * Where in an image a class was seen: class activation maps, for networks that end in global
 * average pooling and one linear layer. Thread-safe; closing it closes the model.
 *
 * <p>A class's score is {@code bias + Σ over pixels of Σ over channels of weight × feature /
 * pixels}; the map shows the outer sum's terms, so that all of them and the bias add up to the
 * score.
 *
 * @see <a href="https://arxiv.org/abs/1512.04150">Zhou, Khosla, Lapedriza, Oliva, Torralba:
 *     Learning Deep Features for Discriminative Localization</a>
 */
public final class ActivationMaps implements AutoCloseable {
  private final Model model;
  private final Preprocessing recipe;
  private final Labels labels;

  /** {@code [class][channel]}. */
  private final Tensor rows;

  private final Shape maps;

  ActivationMaps(Pretrained pretrained, Backend backend, CompileOptions options) {
    Network network = pretrained.network();
    PooledEnding ending = PooledEnding.of(network.graph());
    Node classifier = ending.classifier();
    this.recipe = pretrained.recipe();
    this.labels = pretrained.labels();
    this.maps = ending.maps().shape();
    Network results = network.at(classifier.name(), ending.maps().name());
    Weights weights = pretrained.weightsFor(results);
    this.rows = classifier.parameters().get(0).value(weights);
    this.model = Model.compile(results.graph(), weights, backend, options);
  }

  /**
   * Does nothing for a network that has class activation maps.
   *
   * @throws ConvoyException for any other, saying what it ends in
   */
  public static void check(Network network) {
    PooledEnding.of(network.graph());
  }

  /**
   * Where a class was seen.
   *
   * @param prediction what the network says about the image
   * @param index the class
   * @param score its score before the softmax
   * @param heatmap each pixel's part of the score
   */
  public record ClassMap(Prediction prediction, int index, float score, Heatmap heatmap) {}

  public Model model() {
    return model;
  }

  public Preprocessing recipe() {
    return recipe;
  }

  public Labels labels() {
    return labels;
  }

  /**
   * The map of the likeliest class.
   *
   * @throws NotFiniteException if the network gives NaN or infinity
   */
  public ClassMap map(Image image) {
    List<Tensor> results = model.runAll(recipe.apply(image));
    Prediction prediction = Prediction.ofScores(results.get(0).values(), labels);
    return classMap(results, prediction, prediction.best().index());
  }

  /**
   * The map of a class.
   *
   * @throws ConvoyException if there is no class of this number
   * @throws NotFiniteException if the network gives NaN or infinity
   */
  public ClassMap map(Image image, int index) {
    if (index < 0 || index >= labels.size()) {
      throw new ConvoyException(
          "there is no class %d; they are numbered 0 to %d".formatted(index, labels.size() - 1));
    }
    List<Tensor> results = model.runAll(recipe.apply(image));
    return classMap(results, Prediction.ofScores(results.get(0).values(), labels), index);
  }

  private ClassMap classMap(List<Tensor> results, Prediction prediction, int index) {
    prediction.checkFinite();
    float score = results.get(0).values()[index];
    return new ClassMap(prediction, index, score, heatmap(results.get(1).values(), index));
  }

  private Heatmap heatmap(float[] features, int index) {
    float[] weights = rows.values();
    int pixels = maps.height() * maps.width();
    double[] sums = new double[pixels];
    for (int c = 0; c < maps.channels(); c++) {
      double weight = weights[index * maps.channels() + c];
      for (int p = 0; p < pixels; p++) {
        sums[p] += weight * features[c * pixels + p];
      }
    }
    float[] parts = new float[pixels];
    for (int p = 0; p < pixels; p++) {
      parts[p] = (float) (sums[p] / pixels);
    }
    return new Heatmap(maps.width(), maps.height(), parts);
  }

  @Override
  public void close() {
    model.close();
  }
}
