package dev.convoy.cpu;

import dev.convoy.ConvoyException;

/**
 * The native library cannot be loaded, or refused a call. Every loading attempt is a suppressed
 * exception.
 */
public class NativeException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public NativeException(String message) {
    super(message);
  }

  public NativeException(String message, Throwable cause) {
    super(message, cause);
  }
}
