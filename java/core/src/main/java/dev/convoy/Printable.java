package dev.convoy;

import java.util.stream.Collectors;

/**
 * Text that others chose (names of files, labels, keys) without its control characters: with those
 * a file could move a terminal's cursor, change its colours or hide what is printed.
 */
public final class Printable {
  private Printable() {}

  /** For a line: every control character, line feeds too, is a question mark. */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return printable.toString();
  }

  /** The same for a text of several lines, which stay lines. */
  public static String lines(String text) {
    return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
  }
}
