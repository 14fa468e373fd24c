/**
 * The JavaCPP binding of {@code convoy.h} and the loader of the native library. Not part of the
 * API.
 *
 * <p>Not null-marked as a package, because the generated binding takes nulls that it does not
 * annotate.
 */
package dev.convoy.cpu.internal;
