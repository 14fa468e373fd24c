package dev.convoy;

/**
 * The root of every exception that Convoy throws on purpose.
 *
 * <p>A message names the thing at fault (file, layer, field), the rule it broke with the values
 * that broke it, and what to do about it. Subclasses stand beside the code that throws them: {@code
 * ShapeException}, {@code WeightsException}, {@code ImageException}, {@code NativeException} and so
 * on.
 */
public class ConvoyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConvoyException(String message) {
    super(message);
  }

  public ConvoyException(String message, Throwable cause) {
    super(message, cause);
  }
}
