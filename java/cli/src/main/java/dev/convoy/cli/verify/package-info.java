/** {@code convoy verify}: is what backends compute right? */
@NullMarked
package dev.convoy.cli.verify;

import org.jspecify.annotations.NullMarked;
