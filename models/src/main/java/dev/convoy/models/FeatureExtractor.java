package dev.convoy.models;

import dev.convoy.plan.Model;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;
import java.util.List;

/**
 * Images in, what a layer inside the network gives out: embeddings for search, clustering or a
 * classifier of one's own. Thread-safe; closing it closes the model.
 */
public final class FeatureExtractor implements AutoCloseable {
  private final ImageBatches batches;

  FeatureExtractor(Model model, Preprocessing recipe) {
    this.batches = new ImageBatches(model, recipe);
  }

  public Model model() {
    return batches.model();
  }

  public Preprocessing recipe() {
    return batches.recipe();
  }

  /** The shape of one image's features: C×H×W, or F. */
  public Shape shape() {
    return model().output();
  }

  /** The features of one image, of {@link #shape}. */
  public Tensor features(Image image) {
    return features(List.of(image)).get(0);
  }

  /**
   * Features in the images' order; any number of images, run in batches of up to what the model was
   * compiled for.
   */
  public List<Tensor> features(List<Image> images) {
    return batches.run(images).stream().map(values -> new Tensor(shape(), values)).toList();
  }

  /**
   * Features of images that have been through {@link #recipe()} already.
   *
   * @param count how many, up to what the model was compiled for
   * @param input the images one after the other; may be longer
   * @return one image's features after the other's, row-major
   * @throws dev.convoy.backend.RunException if there are more images than that, or the array is too
   *     short for them
   */
  public float[] features(int count, float[] input) {
    return model().run(count, input);
  }

  @Override
  public void close() {
    model().close();
  }
}
