package dev.convoy.bench.onednn;

import dev.convoy.ConvoyException;

/** oneDNN cannot be loaded, or a layer has no primitive with the same results. */
public final class OneDnnException extends ConvoyException {
  private static final long serialVersionUID = 1;

  OneDnnException(String message) {
    super(message);
  }

  OneDnnException(String message, Throwable cause) {
    super(message, cause);
  }
}
