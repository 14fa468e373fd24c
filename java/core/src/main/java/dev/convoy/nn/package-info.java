/**
 * The layer API: networks described the way papers do, built into a {@link dev.convoy.graph.Graph}.
 *
 * <p>Four words go from a description to numbers. A {@link dev.convoy.nn.Net} is a value on its way
 * through the layers while they are described; the finished description is a {@link
 * dev.convoy.nn.Network}; with weights, compiled for a backend, it is a {@code Model}, whose {@code
 * Plan} says what was chosen for every step. This package knows nothing of backends or plans.
 */
@NullMarked
package dev.convoy.nn;

import org.jspecify.annotations.NullMarked;
