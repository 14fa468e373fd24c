/**
 * Runs our graphs as chains of oneDNN primitives, for comparison. The library is loaded when it is
 * first asked for.
 */
@NullMarked
package dev.convoy.bench.onednn;

import org.jspecify.annotations.NullMarked;
