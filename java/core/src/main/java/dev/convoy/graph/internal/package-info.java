/** What the parts of the library tell each other of parameters. Not part of the API. */
@NullMarked
package dev.convoy.graph.internal;

import org.jspecify.annotations.NullMarked;
