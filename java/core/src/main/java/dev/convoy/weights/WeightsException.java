package dev.convoy.weights;

import dev.convoy.ConvoyException;

/** A weight file that cannot be read or written, or weights that do not fit a network. */
public class WeightsException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
