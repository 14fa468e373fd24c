package dev.convoy.bench;

import dev.convoy.ConvoyException;

/** A measurement that cannot be made, or whose sides do not compute the same. */
final class BenchException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
