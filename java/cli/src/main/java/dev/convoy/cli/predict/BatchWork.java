package dev.convoy.cli.predict;

import dev.convoy.models.Classifier;
import dev.convoy.models.FeatureExtractor;
import dev.convoy.models.Prediction;
import java.util.Arrays;
import java.util.List;

/** What becomes of a batch of prepared images. */
@FunctionalInterface
interface BatchWork {
  /**
   * Computes a batch.
   *
   * @param files the images' names
   * @param input the images one after the other; may be longer
   * @return what writes the results
   */
  Runnable compute(List<String> files, float[] input);

  /** The {@code top} likeliest classes. */
  static BatchWork classify(Classifier classifier, int top, PredictionWriter writer) {
    return (files, input) -> {
      List<Prediction> predictions = classifier.predict(files.size(), input);
      return () -> {
        for (int i = 0; i < files.size(); i++) {
          writer.write(files.get(i), predictions.get(i).top(top));
        }
      };
    };
  }

  /** What a layer gives. */
  static BatchWork features(FeatureExtractor extractor, FeatureWriter writer) {
    int size = extractor.shape().intSize();
    return (files, input) -> {
      float[] features = extractor.features(files.size(), input);
      return () -> {
        for (int i = 0; i < files.size(); i++) {
          writer.write(files.get(i), Arrays.copyOfRange(features, i * size, (i + 1) * size));
        }
      };
    };
  }
}
