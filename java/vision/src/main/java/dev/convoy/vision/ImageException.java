package dev.convoy.vision;

import dev.convoy.ConvoyException;

/** An image that cannot be read, written or brought to the size that was asked for. */
public class ImageException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public ImageException(String message) {
    super(message);
  }

  public ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
