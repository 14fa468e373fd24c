/** oneDNN as an accelerator of the native backend. */
@NullMarked
package dev.convoy.onednn;

import org.jspecify.annotations.NullMarked;
