@NullMarked
package dev.convoy.openblas;

import org.jspecify.annotations.NullMarked;
