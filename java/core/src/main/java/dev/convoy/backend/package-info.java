/**
 * The contract between a compiled network and what computes it.
 *
 * <p>Describe → compile → run: a {@link Backend} turns a graph into an immutable {@link
 * Executable}; an {@link Execution} owns the memory of one run at a time.
 */
@NullMarked
package dev.convoy.backend;

import org.jspecify.annotations.NullMarked;
