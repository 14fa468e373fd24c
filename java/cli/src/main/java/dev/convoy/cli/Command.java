package dev.convoy.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand: a class with picocli's {@code @Command(name = …)} and a public constructor without
 * arguments, registered as a {@link java.util.ServiceLoader} service. Modules add commands without
 * this one knowing them.
 *
 * <p>{@link #call} returns an {@link ExitStatus} and writes through {@code
 * spec.commandLine().getOut()} and {@code getErr()}. What it throws is printed by {@link
 * ErrorReports}: a {@link dev.convoy.ConvoyException} or a picocli {@code ParameterException} as
 * one message.
 */
public interface Command extends Callable<Integer> {}
