package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.Printable;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what commands throw into messages on standard error and an {@link ExitStatus}. */
final class ErrorReports {
  private final BooleanSupplier stacktrace;

  /**
   * @param stacktrace whether to print where an error comes from
   */
  ErrorReports(BooleanSupplier stacktrace) {
    this.stacktrace = stacktrace;
  }

  /** Wrong arguments: what is wrong, what may have been meant, where to read more. */
  @SuppressWarnings("unused") // the signature of picocli's handler
  int usage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("convoy: " + Printable.lines(message(e, command)));
    if (UnmatchedArgumentException.printSuggestions(e, err)) {
      err.flush();
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    trace(e, err);
    return ExitStatus.USAGE;
  }

  /** Picocli knows no command to miss, only words that fit nowhere. */
  private static String message(ParameterException e, CommandLine command) {
    if (command.getParent() == null && e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      if (!word.startsWith("-")) {
        return "there is no command '%s'; there are %s"
            .formatted(word, String.join(", ", command.getSubcommands().keySet()));
      }
    }
    return String.valueOf(e.getMessage());
  }

  @SuppressWarnings("unused") // the signature of picocli's handler
  int execution(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof ConvoyException) {
      err.println("convoy: " + Printable.lines(String.valueOf(e.getMessage())));
      trace(e, err);
      return ExitStatus.USAGE;
    }
    err.println("convoy: this is a defect of Convoy; please report it with the lines below");
    e.printStackTrace(err);
    err.flush();
    return ExitStatus.DEFECT;
  }

  /** What picocli lets pass, being no exception. */
  static int outOfMemory(OutOfMemoryError e) {
    System.err.printf(
        "convoy: Java's memory of %d MiB is used up (%s): use a smaller batch, or allow more with JAVA_OPTS=-Xmx…%n",
        Runtime.getRuntime().maxMemory() >> 20, e.getMessage());
    return ExitStatus.USAGE;
  }

  private void trace(Exception e, PrintWriter err) {
    if (stacktrace.getAsBoolean()) {
      e.printStackTrace(err);
    }
    err.flush();
  }
}
