package dev.convoy.backend;

import dev.convoy.ConvoyException;

/**
 * A backend that is present cannot work on this machine; another one may take its place. What a
 * user has configured wrongly is some other exception: it is not to be passed over.
 */
public class BackendUnavailableException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
