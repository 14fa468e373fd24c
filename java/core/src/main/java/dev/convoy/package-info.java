/** The root of Convoy: what every part of the library throws. */
@NullMarked
package dev.convoy;

import org.jspecify.annotations.NullMarked;
