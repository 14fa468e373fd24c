package dev.convoy.verify;

import dev.convoy.ConvoyException;

/** A golden file that cannot be read: missing, damaged, or of no known kind. */
public class GoldenException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public GoldenException(String message) {
    super(message);
  }

  public GoldenException(String message, Throwable cause) {
    super(message, cause);
  }
}
