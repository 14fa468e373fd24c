package dev.convoy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many images are computed together; a picocli mixin. */
public final class BatchOption {
  private static final int MAX = 4096;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images that run through the network together (default: ${DEFAULT-VALUE}). Results do not depend on it.")
  private int size;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /**
   * @param size unless another is asked for
   */
  public BatchOption(int size) {
    this.size = size;
  }

  /** Takes the value of an option of another name. */
  public void set(int wanted) {
    size = wanted;
  }

  /** Whether a size was asked for. */
  boolean given() {
    return spec.commandLine().getParseResult().hasMatchedOption("--batch");
  }

  /** The size asked for; refuses one that makes no sense. */
  public int size() {
    if (size < 1 || size > MAX) {
      throw new ParameterException(
          spec.commandLine(), "--batch must be at least 1 and at most " + MAX + ", got " + size);
    }
    return size;
  }
}
