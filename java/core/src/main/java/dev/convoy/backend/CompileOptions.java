package dev.convoy.backend;

import dev.convoy.ConvoyException;
import java.util.Objects;

/**
 * What a compiled network has to serve.
 *
 * @param maxBatch the most images in one run; smaller batches give the same bits
 * @param mode which algorithms are allowed
 * @param threads how many threads of the process-wide pool one run may use; 0, or more than it has:
 *     all of them
 */
public record CompileOptions(int maxBatch, Mode mode, int threads) {
  /** One image at a time, fast, on every thread. */
  public static final CompileOptions DEFAULT = new CompileOptions(1, Mode.FAST, 0);

  public CompileOptions {
    Objects.requireNonNull(mode, "mode");
    if (maxBatch < 1) {
      throw new ConvoyException("the largest batch must be at least 1, got " + maxBatch);
    }
    if (threads < 0) {
      throw new ConvoyException("threads must be 0 (all) or more, got " + threads);
    }
  }

  public CompileOptions maxBatch(int images) {
    return new CompileOptions(images, mode, threads);
  }

  public CompileOptions mode(Mode other) {
    return new CompileOptions(maxBatch, other, threads);
  }

  public CompileOptions threads(int count) {
    return new CompileOptions(maxBatch, mode, count);
  }
}
