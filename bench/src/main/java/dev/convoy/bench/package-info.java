/**
 * Measures: networks, their layers, the micro-kernels, and Convoy beside its peers.
 *
 * <p>Figures of one run may be compared with each other; figures of different runs may not (clocks
 * and neighbours change).
 */
@NullMarked
package dev.convoy.bench;

import org.jspecify.annotations.NullMarked;
