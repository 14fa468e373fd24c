/** Shapes and dense float32 tensors: the values that everything else is about. */
@NullMarked
package dev.convoy.tensor;

import org.jspecify.annotations.NullMarked;
