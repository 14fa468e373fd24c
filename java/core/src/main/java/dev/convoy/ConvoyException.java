package dev.convoy;

/**
 * The root of the exceptions about what Convoy was given: files, networks, images, options, the
 * machine. What only a change of the calling program cures is said with Java's own exceptions, such
 * as {@link IllegalStateException} for use after {@code close} and {@link NullPointerException}.
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
