package dev.convoy.bench;

import dev.convoy.cli.ExitStatus;
import dev.convoy.cli.ModelArgument;
import dev.convoy.models.Architecture;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code convoy bench shapes}: the convolutions of a network, as {@code bench/shapes} has them. */
@CommandLine.Command(
    name = "shapes",
    description = "List the convolutions of a network, one shape a line and how often it has it.",
    footer = {"Example:", "  convoy bench shapes resnet50 > bench/shapes/resnet50.txt"})
final class ShapesCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** The whole file for a network. */
  static String text(Architecture architecture) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(architecture.title()).append(", ").append(architecture.input());
    text.append('\n').append(ConvShape.FORMAT);
    ConvShape.of(architecture.network().graph())
        .forEach(shape -> text.append(shape.line()).append('\n'));
    return text.toString();
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(text(model.architecture()));
    spec.commandLine().getOut().flush();
    return ExitStatus.OK;
  }
}
