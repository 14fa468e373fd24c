@NullMarked
package dev.convoy.weights;

import org.jspecify.annotations.NullMarked;
