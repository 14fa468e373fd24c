/** {@code convoy doctor}: what this machine offers, and what is wrong with it. */
@NullMarked
package dev.convoy.cli.doctor;

import org.jspecify.annotations.NullMarked;
