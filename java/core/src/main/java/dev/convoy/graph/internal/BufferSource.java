package dev.convoy.graph.internal;

import dev.convoy.tensor.Shape;
import java.nio.FloatBuffer;

/**
 * A {@link dev.convoy.graph.ParameterSource} that puts values where they go, without an array
 * between. Those of the library alone: the buffer may be native memory that is freed after the
 * call, so nobody else is trusted with it.
 */
public interface BufferSource {
  /**
   * Puts the values of the tensor stored under this key into a buffer, from its position on.
   *
   * @throws dev.convoy.tensor.ShapeException if it has another shape, or there is none
   */
  void read(String key, Shape shape, FloatBuffer into);
}
