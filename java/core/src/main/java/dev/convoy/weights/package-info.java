/**
 * Trained weights: reading safetensors and PyTorch checkpoints, matching them to a graph, writing
 * safetensors.
 *
 * <p>Files are untrusted. Nothing in a file is ever executed: pickles run on a machine that knows
 * tensors and plain containers and refuses everything else. Every length, offset and shape is
 * checked against the bytes that are really there before memory is asked for. Whatever is wrong
 * with a file ends as one {@link dev.convoy.weights.WeightsException}.
 */
@NullMarked
package dev.convoy.weights;

import org.jspecify.annotations.NullMarked;
