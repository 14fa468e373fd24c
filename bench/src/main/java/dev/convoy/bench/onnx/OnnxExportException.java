package dev.convoy.bench.onnx;

import dev.convoy.ConvoyException;

/** A graph that ONNX cannot express exactly, or a file that cannot be written. */
public final class OnnxExportException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  OnnxExportException(String message) {
    super(message);
  }

  OnnxExportException(String message, Throwable cause) {
    super(message, cause);
  }
}
