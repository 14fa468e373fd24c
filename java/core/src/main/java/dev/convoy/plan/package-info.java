/**
 * Compiling and running: a {@link dev.convoy.plan.Model} is a network with weights, ready to
 * compute.
 */
@NullMarked
package dev.convoy.plan;

import org.jspecify.annotations.NullMarked;
