package dev.convoy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether people watch. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether standard error is a terminal. {@code System.console()} would ask about input and output
   * instead.
   */
  public static boolean isError() {
    return isTerminal("/proc/self/fd/2");
  }

  /**
   * Whether text on standard output may have colours: a capable terminal, and no {@code NO_COLOR}.
   */
  static boolean coloured() {
    String noColor = System.getenv("NO_COLOR");
    return (noColor == null || noColor.isEmpty())
        && !"dumb".equals(System.getenv("TERM"))
        && isTerminal("/proc/self/fd/1");
  }

  private static boolean isTerminal(String descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
