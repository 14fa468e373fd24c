/** {@code convoy predict}: files in, classes out. */
@NullMarked
package dev.convoy.cli.predict;

import org.jspecify.annotations.NullMarked;
