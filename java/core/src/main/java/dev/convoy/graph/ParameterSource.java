package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Where the values of stored parameters come from: a weight file, a generator, a test. */
@FunctionalInterface
public interface ParameterSource {
  /** The tensor stored under this key; throws if there is none. */
  Tensor tensor(String key);

  /**
   * The tensor stored under this key.
   *
   * @throws ShapeException if it has another shape, or there is none
   */
  default Tensor tensor(String key, Shape shape) {
    @Nullable Tensor tensor = tensor(key);
    if (tensor == null || !tensor.shape().equals(shape)) {
      throw new ShapeException(
          "parameter '%s' must have shape %s, the source gives %s"
              .formatted(key, shape, tensor == null ? "none" : tensor.shape()));
    }
    return tensor;
  }
}
