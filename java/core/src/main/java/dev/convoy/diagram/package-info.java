/**
 * Networks as pictures: a {@link dev.convoy.diagram.Diagram} of boxes and arrows, laid out in
 * layers and written as SVG.
 */
@NullMarked
package dev.convoy.diagram;

import org.jspecify.annotations.NullMarked;
