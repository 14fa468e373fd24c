/**
 * Writes a graph as an ONNX file, so that other runtimes can compute the same network with the same
 * weights.
 */
@NullMarked
package dev.convoy.bench.onnx;

import org.jspecify.annotations.NullMarked;
