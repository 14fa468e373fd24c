package dev.convoy.graph;

import dev.convoy.tensor.Tensor;

/** Where the values of stored parameters come from: a weight file, a generator, a test. */
@FunctionalInterface
public interface ParameterSource {
  /** The tensor stored under this key; throws if there is none. */
  Tensor tensor(String key);
}
