package dev.convoy.models;

import dev.convoy.plan.Model;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;

/**
 * Images in, what a layer inside the network gives out: embeddings for search, clustering or a
 * classifier of one's own. Thread-safe; closing it closes the model.
 */
public final class FeatureExtractor implements AutoCloseable {
  private final Model model;
  private final Preprocessing recipe;

  FeatureExtractor(Model model, Preprocessing recipe) {
    this.model = model;
    this.recipe = recipe;
  }

  public Model model() {
    return model;
  }

  public Preprocessing recipe() {
    return recipe;
  }

  /** The shape of one image's features: C×H×W, or F. */
  public Shape shape() {
    return model.output();
  }

  /** The features of one image, of {@link #shape}. */
  public Tensor features(Image image) {
    return model.run(recipe.apply(image));
  }

  /**
   * Features of images that have been through {@link #recipe()} already.
   *
   * @param count how many, up to what the model was compiled for
   * @param input the images one after the other; may be longer
   * @return one image's features after the other's, row-major
   */
  public float[] features(int count, float[] input) {
    float[] output = new float[Math.multiplyExact(count, shape().intSize())];
    model.run(count, new float[][] {input}, new float[][] {output});
    return output;
  }

  @Override
  public void close() {
    model.close();
  }
}
