/**
 * The native backend: graphs lowered to a program of C++ kernels. The JavaCPP binding is in {@code
 * internal}.
 */
@NullMarked
package dev.convoy.cpu;

import org.jspecify.annotations.NullMarked;
