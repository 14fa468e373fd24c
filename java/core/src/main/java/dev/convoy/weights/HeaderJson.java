package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A reader of what a safetensors header is made of: objects, arrays, strings and integers, as RFC
 * 8259 wants them. Small, because every start of a service waits for it: a general parser takes
 * longer to load than a header to read.
 *
 * <p>{@code what} names a value in messages.
 */
final class HeaderJson {
  private static final int END = -1;

  private final byte[] text;
  private int at;

  HeaderJson(byte[] text) {
    this.text = text;
  }

  /** An object begins; {@link #hasNext} says whether it has a first entry. */
  void beginObject(String what) throws FormatException {
    expect('{', "an object", what);
  }

  /** The name of an object's next entry. */
  String name() throws FormatException {
    if (peek() != '"') {
      throw unsound("a name must stand here");
    }
    String name = quoted();
    take(':');
    return name;
  }

  void beginArray(String what) throws FormatException {
    expect('[', "an array", what);
  }

  /**
   * Whether an object or array, which ends with {@code close}, goes on; the end is read.
   *
   * @param first whether nothing of it was read yet
   */
  boolean hasNext(char close, boolean first) throws FormatException {
    if (peek() == close) {
      at++;
      return false;
    }
    if (!first) {
      take(',');
    }
    return true;
  }

  String string(String what) throws FormatException {
    if (peek() != '"') {
      throw mustBe("a string", what);
    }
    return quoted();
  }

  long integer(String what) throws FormatException {
    int first = peek();
    if (first != '-' && !isDigit(first)) {
      throw mustBe("an integer", what);
    }
    int begin = at;
    at += first == '-' ? 1 : 0;
    int digits = at;
    while (isDigit(current())) {
      at++;
    }
    if (digits == at || (text[digits] == '0' && at - digits > 1)) {
      throw unsound("this is no number");
    }
    if (current() == '.' || current() == 'e' || current() == 'E') {
      throw FormatException.damaged(what + " must be an integer, not a fraction");
    }
    try {
      return Long.parseLong(new String(text, begin, at - begin, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw unsound("the number has more than 63 bits");
    }
  }

  /** Nothing but spaces may follow. */
  void end() throws FormatException {
    if (peek() != END) {
      throw FormatException.damaged("the header goes on behind its closing brace");
    }
  }

  private void expect(char open, String expected, String what) throws FormatException {
    if (peek() != open) {
      throw mustBe(expected, what);
    }
    at++;
  }

  private void take(char wanted) throws FormatException {
    if (peek() != wanted) {
      throw unsound("'" + wanted + "' must stand here");
    }
    at++;
  }

  private FormatException mustBe(String expected, String what) throws FormatException {
    return FormatException.damaged(what + " must be " + expected + ", not " + found());
  }

  /** What begins here, in words. */
  private String found() throws FormatException {
    for (String literal : new String[] {"true", "false", "null"}) {
      if (startsWith(literal)) {
        return literal;
      }
    }
    int c = current();
    if (c == '-' || isDigit(c)) {
      return "a number";
    }
    return switch (c) {
      case '{' -> "an object";
      case '[' -> "an array";
      case '"' -> "a string";
      default -> throw unsound("no value begins like this");
    };
  }

  private boolean startsWith(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= text.length || text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String quoted() throws FormatException {
    int begin = ++at;
    while (current() != '"' && current() != '\\') {
      next();
    }
    if (current() == '"') {
      return decoded(begin, at++);
    }
    StringBuilder unescaped = new StringBuilder(decoded(begin, at));
    while (current() != '"') {
      if (current() == '\\') {
        at++;
        unescaped.append(escape());
      } else {
        begin = at;
        while (current() != '"' && current() != '\\') {
          next();
        }
        unescaped.append(decoded(begin, at));
      }
    }
    at++;
    return unescaped.toString();
  }

  /** Passes over a byte of a string. */
  private void next() throws FormatException {
    if (current() >= 0 && current() < ' ') {
      throw unsound("a string may not have this byte in it");
    }
    if (at == text.length) {
      throw unsound("it ends inside a string");
    }
    at++;
  }

  private char escape() throws FormatException {
    int c = current();
    at += c == END ? 0 : 1;
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int end = at + 4; at < end; at++) {
          int digit = Character.digit(current(), 16);
          if (digit < 0) {
            throw unsound("four hexadecimal digits must stand here");
          }
          code = 16 * code + digit;
        }
        yield (char) code;
      }
      default -> throw unsound("there is no such escape");
    };
  }

  private String decoded(int begin, int end) throws FormatException {
    if (isAscii(begin, end)) {
      return new String(text, begin, end - begin, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, begin, end - begin))
          .toString();
    } catch (CharacterCodingException e) {
      throw unsound("a string before it is no UTF-8");
    }
  }

  private boolean isAscii(int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (text[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** The first byte behind spaces, which it passes over; {@link #END} if there is none. */
  private int peek() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
      at++;
    }
    return current();
  }

  private int current() {
    return at < text.length ? Byte.toUnsignedInt(text[at]) : END;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private FormatException unsound(String why) {
    String here = at < text.length ? String.valueOf((char) current()) : "its end";
    return FormatException.damaged(
        "the header is not sound JSON at byte "
            + (Long.BYTES + at)
            + ", "
            + quote(here)
            + ": "
            + why);
  }
}
