package dev.convoy.verify;

import dev.convoy.ConvoyException;

/** A case needs something that does not exist here: an operation, a model, an option of one. */
final class UnsupportedCaseException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  UnsupportedCaseException(String message) {
    super(message);
  }
}
