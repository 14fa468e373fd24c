package dev.convoy.backend;

import dev.convoy.ConvoyException;

/** A backend was asked for a network with a node that it cannot compute. */
public class UnsupportedGraphException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public UnsupportedGraphException(String message) {
    super(message);
  }
}
