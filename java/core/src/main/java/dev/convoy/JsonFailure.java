package dev.convoy;

import tools.jackson.core.JacksonException;

/** Why text is no sound JSON, in words: the end of a message. */
public final class JsonFailure {
  /** How Jackson says where something began, with words about its own settings. */
  private static final String BEGINNING = " \\([^()]*\\[Source: [^\\]]*]\\)";

  private JsonFailure() {}

  public static String reason(JacksonException e) {
    return String.valueOf(e.getOriginalMessage()).replaceAll(BEGINNING, "");
  }
}
