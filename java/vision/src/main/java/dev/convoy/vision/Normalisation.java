package dev.convoy.vision;

import java.util.List;

/**
 * From a sample 0…255 to the network's input: {@code (x / 255 − mean) / std}, each step rounded to
 * float32 as torchvision's {@code ToTensor} and {@code Normalize} do.
 *
 * @param mean one value per channel
 * @param std one value per channel, not zero
 */
public record Normalisation(List<Float> mean, List<Float> std) {
  /** The statistics of ImageNet, for RGB. */
  public static final Normalisation IMAGENET =
      new Normalisation(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));

  /** The statistics of MNIST's training digits, for grey. */
  public static final Normalisation MNIST = new Normalisation(List.of(0.1307f), List.of(0.3081f));

  /** {@code x / 255} alone, for RGB. */
  public static final Normalisation UNIT =
      new Normalisation(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  /** From -1 to 1, for RGB: what networks trained in TensorFlow read. */
  public static final Normalisation SIGNED =
      new Normalisation(List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  /** Throws {@link ImageException} where the lists differ in length or a value is unusable. */
  public Normalisation {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new ImageException(
          "mean and std need one value per channel: mean has %d, std has %d"
              .formatted(mean.size(), std.size()));
    }
    for (float value : mean) {
      if (!Float.isFinite(value)) {
        throw new ImageException("mean " + mean + " holds a value that is not finite");
      }
    }
    for (float value : std) {
      if (!Float.isFinite(value) || value == 0) {
        throw new ImageException("std " + std + " holds a value that cannot divide");
      }
    }
  }

  public int channels() {
    return mean.size();
  }

  /** What each of the 256 samples becomes in a channel. */
  float[] table(int channel) {
    float m = mean.get(channel);
    float s = std.get(channel);
    float[] table = new float[256];
    for (int x = 0; x < table.length; x++) {
      table[x] = (x / 255f - m) / s;
    }
    return table;
  }

  @Override
  public String toString() {
    return "(x/255 - " + mean + ") / " + std;
  }
}
