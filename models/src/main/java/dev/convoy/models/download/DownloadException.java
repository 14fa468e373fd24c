package dev.convoy.models.download;

import dev.convoy.ConvoyException;

/** A file that could not be fetched; the message names the address, the file and the cure. */
public class DownloadException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  public DownloadException(String message) {
    super(message);
  }

  public DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
