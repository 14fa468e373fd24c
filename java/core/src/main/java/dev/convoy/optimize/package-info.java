/**
 * Passes: functions from a graph to an equivalent one, a file each, and the plan of memory. Knows
 * nothing of backends.
 *
 * <p>A pass never touches a weight: what it folds it describes as a {@link
 * dev.convoy.graph.Parameter} expression. A node that is an output of the graph is never folded
 * away.
 */
@NullMarked
package dev.convoy.optimize;

import org.jspecify.annotations.NullMarked;
