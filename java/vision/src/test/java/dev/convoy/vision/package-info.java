@NullMarked
package dev.convoy.vision;

import org.jspecify.annotations.NullMarked;
