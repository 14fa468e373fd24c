package dev.convoy.weights;

import dev.convoy.Printable;
import java.io.IOException;

/**
 * Contents that break a rule of their format. Checked, so that no reader forgets it: {@link
 * Checkpoints} adds the file's name and makes it a {@link WeightsException}.
 */
final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_QUOTED = 200;

  private final String text;

  /** What to do about bytes that no writer produces. */
  static final String DAMAGED = "the file is damaged or incomplete: download or save it again";

  /**
   * @param what the field at fault, the rule and the values
   * @param cure what to do about it
   */
  FormatException(String what, String cure) {
    super(what + "; " + cure);
    this.text = what + "; " + cure;
  }

  /** The message, which is always there. */
  String what() {
    return text;
  }

  static FormatException damaged(String what) {
    return new FormatException(what, DAMAGED);
  }

  /** Text of a file as it may stand in a message: in quotes, short, on one line, printable. */
  static String quote(String text) {
    boolean isLong = text.codePointCount(0, text.length()) > MAX_QUOTED;
    return "'" + shortened(text) + (isLong ? "…'" : "'");
  }

  /** The same without the quotes. */
  static String shortened(String text) {
    int characters = Math.min(MAX_QUOTED, text.codePointCount(0, text.length()));
    return Printable.of(text.substring(0, text.offsetByCodePoints(0, characters)));
  }
}
