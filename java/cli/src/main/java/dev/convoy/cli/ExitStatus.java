package dev.convoy.cli;

/** What a command tells the shell. */
public final class ExitStatus {
  /** Everything asked for was done, and is right. */
  public static final int OK = 0;

  /**
   * The command ran, but an image could not be read or gave NaN, a check failed, or the machine
   * lacks something.
   */
  public static final int FAILED = 1;

  /**
   * What was asked for could not be done: wrong arguments, an unknown model, missing or damaged
   * weights, a backend or native library that does not work here, a file that cannot be written.
   */
  public static final int USAGE = 2;

  /** A defect of Convoy: worth a report. */
  public static final int DEFECT = 70;

  private ExitStatus() {}
}
