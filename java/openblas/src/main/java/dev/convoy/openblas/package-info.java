/** OpenBLAS as an accelerator of the native backend. */
@NullMarked
package dev.convoy.openblas;

import org.jspecify.annotations.NullMarked;
