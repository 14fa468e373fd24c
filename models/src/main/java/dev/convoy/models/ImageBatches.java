package dev.convoy.models;

import dev.convoy.plan.Model;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs images through a recipe and a model, in batches of up to what that was compiled for. */
record ImageBatches(Model model, Preprocessing recipe) {
  /** What the model gives for each of any number of images. */
  List<float[]> run(List<Image> images) {
    int maxBatch = model.plan().options().maxBatch();
    List<float[]> results = new ArrayList<>();
    for (int from = 0; from < images.size(); from += maxBatch) {
      results.addAll(batch(images.subList(from, Math.min(images.size(), from + maxBatch))));
    }
    return results;
  }

  private List<float[]> batch(List<Image> images) {
    int size = model.input().intSize();
    float[] input = new float[Math.multiplyExact(images.size(), size)];
    for (int i = 0; i < images.size(); i++) {
      recipe.apply(images.get(i), input, i * size);
    }
    return run(images.size(), input);
  }

  /** What the model gives for each of the images that lie prepared in an array. */
  List<float[]> run(int count, float[] input) {
    float[] output = model.run(count, input);
    int size = output.length / count;
    List<float[]> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(Arrays.copyOfRange(output, i * size, (i + 1) * size));
    }
    return results;
  }
}
