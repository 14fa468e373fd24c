package dev.convoy.backend;

import dev.convoy.ConvoyException;

/** A run was asked for with arguments that do not fit the compiled network. */
public class RunException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public RunException(String message) {
    super(message);
  }
}
