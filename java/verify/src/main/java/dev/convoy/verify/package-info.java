/**
 * Says whether what was computed is right: golden files made by independent software ({@link
 * dev.convoy.verify.GoldenSuite}), and one backend held against another node by node ({@link
 * dev.convoy.verify.Departure}).
 *
 * <p>Golden files carry no weights: parameters and inputs are recomputed from their names ({@link
 * dev.convoy.reference.GoldenNumbers}).
 */
@NullMarked
package dev.convoy.verify;

import org.jspecify.annotations.NullMarked;
