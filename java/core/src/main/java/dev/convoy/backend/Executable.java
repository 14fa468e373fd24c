package dev.convoy.backend;

import java.util.List;

/**
 * A compiled network: immutable, shared by any number of executions and threads.
 *
 * <p>{@link #close} frees packed weights; it may only be called when every {@link Execution} is
 * closed.
 */
public interface Executable extends AutoCloseable {
  /** New memory to run in. */
  Execution open();

  /** What was chosen for every node of the optimised graph, in order of execution. */
  List<Choice> choices();

  /** Bytes of packed weights outside the Java heap. */
  default long bytes() {
    return 0;
  }

  @Override
  void close();
}
