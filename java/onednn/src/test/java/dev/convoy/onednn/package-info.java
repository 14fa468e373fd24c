@NullMarked
package dev.convoy.onednn;

import org.jspecify.annotations.NullMarked;
