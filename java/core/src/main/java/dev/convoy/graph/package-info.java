/**
 * The network as a value: operations, nodes and graphs, immutable and free of weights.
 *
 * <p>Shapes are those of one image; the batch exists only when a graph is run. A node's name is its
 * path in the published checkpoint, so {@code layer1.0.conv1} has the parameter {@code
 * layer1.0.conv1.weight}.
 */
@NullMarked
package dev.convoy.graph;

import org.jspecify.annotations.NullMarked;
