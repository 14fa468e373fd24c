package dev.convoy.cli.predict;

import dev.convoy.models.Prediction.Candidate;
import java.util.List;

/**
 * A way to write predictions down, image by image. {@link #close} ends the document and leaves the
 * stream open.
 */
interface PredictionWriter extends AutoCloseable {
  /**
   * Writes one image.
   *
   * @param top the likeliest classes, likeliest first
   */
  void write(String file, List<Candidate> top);

  @Override
  void close();
}
