package dev.convoy.tensor;

import dev.convoy.ConvoyException;

/** A shape, or a pair of shapes, that an operation cannot accept. */
public class ShapeException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }
}
