package dev.convoy.cli;

import dev.convoy.models.Architecture;
import picocli.CommandLine.Parameters;

/** The first argument of a command about one network; a picocli mixin. */
public final class ModelArgument {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      converter = ArchitectureConverter.class,
      completionCandidates = ArchitectureConverter.Names.class,
      description = "One of 'convoy models'.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Architecture architecture;

  public Architecture architecture() {
    return architecture;
  }
}
