package dev.convoy.verify;

/**
 * How far a result may lie from the expected one.
 *
 * @param bound the largest absolute difference that passes
 * @param rule where the bound comes from
 */
public record Tolerance(double bound, String rule) {
  /** Equal numbers. */
  public static final Tolerance NONE = new Tolerance(0, "exact");
}
