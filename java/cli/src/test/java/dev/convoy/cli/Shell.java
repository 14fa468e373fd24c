package dev.convoy.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine;

/** Runs command lines inside this JVM and keeps what they print. */
public final class Shell {
  /** The root of the checkout. */
  public static final Path ROOT = Path.of(System.getProperty("convoy.root"));

  /** Forty digits of MNIST; the first letter of a file's name is its label. */
  public static final Path DIGITS = ROOT.resolve("samples/digits");

  /** What came out of a command line. */
  public record Outcome(int status, String out, String err) {}

  private Shell() {}

  public static Outcome convoy(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Convoy.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int status = line.execute(words);
    return new Outcome(status, out.toString(), err.toString());
  }
}
