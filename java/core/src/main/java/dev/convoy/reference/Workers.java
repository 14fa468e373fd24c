package dev.convoy.reference;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Who shares the independent parts of an operation: the calling thread, or the common pool too. */
enum Workers {
  ALONE,
  TOGETHER;

  /**
   * Work, in multiply-accumulates or the like, below which waking threads costs more than it saves.
   */
  private static final long WORTHWHILE = 50_000;

  /**
   * Calls {@code part} with 0 … parts − 1, in any order.
   *
   * @param work of all parts, in multiply-accumulates or the like
   */
  void share(int parts, long work, IntConsumer part) {
    IntStream range = IntStream.range(0, parts);
    (this == ALONE || work < WORTHWHILE ? range : range.parallel()).forEach(part);
  }
}
