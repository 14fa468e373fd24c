package dev.convoy.models;

import dev.convoy.ConvoyException;

/**
 * A network gave NaN or infinity where classes were asked for; mostly its weights are spoilt, else
 * the image's numbers.
 */
public class NotFiniteException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public NotFiniteException(String message) {
    super(message);
  }
}
