package dev.convoy.cli.predict;

import dev.convoy.models.Classifier;
import dev.convoy.models.FeatureExtractor;
import dev.convoy.models.Prediction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What becomes of a batch of prepared images. */
@FunctionalInterface
interface BatchWork {
  /**
   * Computes a batch.
   *
   * @param count images
   * @param input the images one after the other; may be longer
   */
  Results compute(int count, float[] input);

  /** What came out, image by image. */
  interface Results {
    /** Whether they are numbers, rather than NaN or infinite. */
    boolean areFinite(int image);

    void write(int image, String file);
  }

  /** The {@code top} likeliest classes. */
  static BatchWork classify(Classifier classifier, int top, PredictionWriter writer) {
    return (count, input) -> {
      List<Prediction> predictions = classifier.predict(count, input);
      return new Results() {
        @Override
        public boolean areFinite(int image) {
          return predictions.get(image).isFinite();
        }

        @Override
        public void write(int image, String file) {
          writer.write(file, predictions.get(image).top(top));
        }
      };
    };
  }

  /** What a layer gives. */
  static BatchWork features(FeatureExtractor extractor, FeatureWriter writer) {
    int size = extractor.shape().intSize();
    return (count, input) -> {
      float[] features = extractor.features(count, input);
      return new Results() {
        @Override
        public boolean areFinite(int image) {
          return IntStream.range(image * size, (image + 1) * size)
              .allMatch(i -> Float.isFinite(features[i]));
        }

        @Override
        public void write(int image, String file) {
          writer.write(file, Arrays.copyOfRange(features, image * size, (image + 1) * size));
        }
      };
    };
  }
}
