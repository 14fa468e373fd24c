package dev.convoy.models;

import dev.convoy.graph.Softmax;
import dev.convoy.plan.Model;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/**
 * Images in, named classes out: a {@link Model}, the preprocessing that its weights were trained
 * with, and the labels; {@link Architecture#load} and {@link Pretrained#classifier} make one.
 * Thread-safe; closing it closes the model.
 */
public final class Classifier implements AutoCloseable {
  private final Model model;
  private final Preprocessing recipe;
  private final Labels labels;
  private final boolean givesLogits;

  /** Of what {@link Pretrained} has checked. */
  Classifier(Model model, Preprocessing recipe, Labels labels) {
    this.model = model;
    this.recipe = recipe;
    this.labels = labels;
    int output = model.graph().outputs().get(0);
    this.givesLogits = !(model.graph().node(output).op() instanceof Softmax);
  }

  public Model model() {
    return model;
  }

  public Preprocessing recipe() {
    return recipe;
  }

  public Labels labels() {
    return labels;
  }

  public Prediction predict(Image image) {
    return predict(List.of(image)).get(0);
  }

  /**
   * Predictions in the images' order; any number of images, run in batches of up to what the model
   * was compiled for.
   */
  public List<Prediction> predict(List<Image> images) {
    int maxBatch = model.plan().options().maxBatch();
    List<Prediction> predictions = new ArrayList<>();
    for (int from = 0; from < images.size(); from += maxBatch) {
      predictions.addAll(batch(images.subList(from, Math.min(images.size(), from + maxBatch))));
    }
    return predictions;
  }

  private List<Prediction> batch(List<Image> images) {
    int size = model.input().intSize();
    float[] input = new float[Math.multiplyExact(images.size(), size)];
    for (int i = 0; i < images.size(); i++) {
      recipe.apply(images.get(i), input, i * size);
    }
    return predict(images.size(), input);
  }

  /**
   * Predictions for images that have been through {@link #recipe()} already, for callers that
   * prepare images on threads of their own.
   *
   * @param count how many, up to what the model was compiled for
   * @param input the images one after the other; may be longer
   */
  public List<Prediction> predict(int count, float[] input) {
    float[] output = new float[Math.multiplyExact(count, labels.size())];
    model.run(count, new float[][] {input}, new float[][] {output});
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] scores =
          java.util.Arrays.copyOfRange(output, i * labels.size(), (i + 1) * labels.size());
      predictions.add(
          givesLogits ? Prediction.ofScores(scores, labels) : new Prediction(scores, labels));
    }
    return predictions;
  }

  @Override
  public void close() {
    model.close();
  }
}
