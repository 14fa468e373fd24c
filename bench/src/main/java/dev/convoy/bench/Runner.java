package dev.convoy.bench;

/** Somebody's implementation of one network, ready to compute the same batch again and again. */
interface Runner extends AutoCloseable {
  /** Whose it is. */
  String name();

  /** Computes the batch once. */
  void run();

  /** What the last {@link #run} computed: for every output of the graph batch × size floats. */
  float[][] outputs();

  @Override
  void close();
}
