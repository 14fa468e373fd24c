package dev.convoy.backend;

/** The memory of one run at a time. Not thread-safe; runs allocate nothing. */
public interface Execution extends AutoCloseable {
  /**
   * Computes the network for {@code batch} images.
   *
   * @param batch 1 … {@link CompileOptions#maxBatch()}
   * @param inputs one array for every input of the graph, in order: at least batch × size floats,
   *     plain layout
   * @param outputs one array for every output of the graph, in order; receives batch × size floats,
   *     plain layout
   */
  void run(int batch, float[][] inputs, float[][] outputs);

  /**
   * Like {@link #run}, and measures each step.
   *
   * @param nanos receives the time of each of {@link Executable#choices()}
   */
  void profile(int batch, float[][] inputs, float[][] outputs, long[] nanos);

  /** Bytes outside the Java heap, for the largest batch. */
  default long bytes() {
    return 0;
  }

  @Override
  void close();
}
