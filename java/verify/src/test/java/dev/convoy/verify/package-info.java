@NullMarked
package dev.convoy.verify;

import org.jspecify.annotations.NullMarked;
