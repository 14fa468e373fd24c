/**
 * The layer API: networks described the way papers do, built into a {@link dev.convoy.graph.Graph}.
 *
 * <p>Knows nothing of backends or plans.
 */
@NullMarked
package dev.convoy.nn;

import org.jspecify.annotations.NullMarked;
