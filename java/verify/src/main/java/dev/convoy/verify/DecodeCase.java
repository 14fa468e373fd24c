package dev.convoy.verify;

import dev.convoy.vision.Image;
import dev.convoy.vision.ImageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The pixels of a photo as it lies in its file.
 *
 * @param sum of all samples
 * @param samples each row, column, red, green, blue
 */
record DecodeCase(String id, String photo, int width, int height, long sum, List<int[]> samples)
    implements GoldenCase {

  static DecodeCase read(JsonTree json) {
    String photo = json.get("photo").text();
    List<JsonTree> size = json.get("size_wh").list(2);
    return new DecodeCase(
        photo + "/decode",
        photo,
        size.get(0).integer(),
        size.get(1).integer(),
        json.get("decoded_sum").count(),
        json.get("decoded_sample").list().stream()
            .map(sample -> sample.list(5).stream().mapToInt(JsonTree::integer).toArray())
            .toList());
  }

  @Override
  public CaseResult compare(Subject subject) {
    Image image = open(subject, photo);
    Comparison comparison = new Comparison();
    boolean width = comparison.same("width", this.width, image.width());
    boolean height = comparison.same("height", this.height, image.height());
    comparison.same("sum of samples", sum, sum(image));
    if (width && height) {
      for (int[] s : samples) {
        for (int channel = 0; channel < 3; channel++) {
          comparison.same(
              "row %d, column %d, channel %d".formatted(s[0], s[1], channel),
              s[2 + channel],
              image.sample(s[1], s[0], channel));
        }
      }
    }
    return comparison.result(id);
  }

  static long sum(Image image) {
    long sum = 0;
    for (byte sample : image.toBytes()) {
      sum += sample & 0xFF;
    }
    return sum;
  }

  /**
   * The photo of this name in the subject's folder.
   *
   * @throws UnsupportedCaseException if it is not there
   */
  static Image open(Subject subject, String photo) {
    Path folder = subject.photos();
    if (folder == null) {
      throw new UnsupportedCaseException("the photo '" + photo + "': name its folder (--photos)");
    }
    Path file = folder.resolve(photo).normalize();
    if (!file.startsWith(folder.normalize())) {
      throw new ImageException(photo + " lies outside the folder of the photos");
    }
    if (!Files.exists(file)) {
      throw new UnsupportedCaseException("there is no photo " + file);
    }
    return Image.read(file);
  }
}
