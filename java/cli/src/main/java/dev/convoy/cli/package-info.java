/**
 * The command line: {@link dev.convoy.cli.Convoy} gathers the {@link dev.convoy.cli.Command}s of
 * every module on the class path.
 *
 * <p>Results go to standard output, everything else to standard error; see {@link
 * dev.convoy.cli.ExitStatus} for what a shell learns.
 */
@NullMarked
package dev.convoy.cli;

import org.jspecify.annotations.NullMarked;
