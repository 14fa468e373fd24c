package dev.convoy.models;

import dev.convoy.graph.Softmax;
import dev.convoy.plan.Model;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;
import java.util.List;

/**
 * Images in, named classes out: a {@link Model}, the preprocessing that its weights were trained
 * with, and the labels; {@link Architecture#load} and {@link Pretrained#classifier} make one.
 * Thread-safe; closing it closes the model.
 */
public final class Classifier implements AutoCloseable {
  private final ImageBatches batches;
  private final Labels labels;
  private final boolean givesLogits;

  /** Of what {@link Pretrained} has checked. */
  Classifier(Model model, Preprocessing recipe, Labels labels) {
    this.batches = new ImageBatches(model, recipe);
    this.labels = labels;
    int output = model.graph().outputs().get(0);
    this.givesLogits = !(model.graph().node(output).op() instanceof Softmax);
  }

  public Model model() {
    return batches.model();
  }

  public Preprocessing recipe() {
    return batches.recipe();
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
    return batches.run(images).stream().map(this::prediction).toList();
  }

  /**
   * Predictions for images that have been through {@link #recipe()} already, for callers that
   * prepare images on threads of their own.
   *
   * @param count how many, up to what the model was compiled for
   * @param input the images one after the other; may be longer
   * @throws dev.convoy.backend.RunException if there are more images than that, or the array is too
   *     short for them
   */
  public List<Prediction> predict(int count, float[] input) {
    return batches.run(count, input).stream().map(this::prediction).toList();
  }

  private Prediction prediction(float[] numbers) {
    return givesLogits ? Prediction.ofScores(numbers, labels) : new Prediction(numbers, labels);
  }

  @Override
  public void close() {
    batches.model().close();
  }
}
