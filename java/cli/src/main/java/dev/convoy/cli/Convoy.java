package dev.convoy.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code convoy}. */
@CommandLine.Command(
    name = "convoy",
    description = "Convolutional networks inside the JVM, at the speed of the machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true,
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  convoy predict lenet5 samples/digits",
      "  convoy predict resnet50 --weights resnet50-0676ba61.pth dog.jpg",
      "  convoy explain resnet50 --weights resnet50-0676ba61.pth dog.jpg",
      "  convoy summary vgg16",
      "  convoy doctor",
      "",
      "Exit status: 0 all is well; 1 an image or a check failed; 2 what was asked for",
      "could not be done: wrong usage, model, weights or backend, a native library",
      "that does not load, a file that cannot be written; 70 a defect of Convoy."
    })
public final class Convoy implements Runnable {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print where an error comes from (also: CONVOY_DEBUG=1).")
  private boolean stacktrace;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  Convoy() {}

  /** Runs one command line and ends the JVM with its {@link ExitStatus}. */
  public static void main(String[] args) {
    ResultStream results = new ResultStream(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = new PrintWriter(new OutputStreamWriter(results, StandardCharsets.UTF_8));
    System.setProperty("java.awt.headless", "true");
    // Programs read what is printed, and all of it is English: so are its numbers.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    // Warnings of the library appear in one line, like our own.
    System.setProperty("java.util.logging.SimpleFormatter.format", "convoy: %5$s%n");
    int status;
    try {
      status = commandLine().setOut(out).execute(args);
    } catch (OutOfMemoryError e) {
      status = ErrorReports.outOfMemory(e);
    }
    out.flush();
    System.exit(results.status(status));
  }

  /** The whole command line, with the commands of every module on the class path. */
  public static CommandLine commandLine() {
    Convoy convoy = new Convoy();
    CommandLine line = new CommandLine(convoy);
    ServiceLoader.load(Command.class, Convoy.class.getClassLoader()).forEach(line::addSubcommand);
    ErrorReports errors =
        new ErrorReports(() -> convoy.stacktrace || System.getenv("CONVOY_DEBUG") != null);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(Help.defaultColorScheme(Terminal.coloured() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setParameterExceptionHandler(errors::usage)
        .setExecutionExceptionHandler(errors::execution);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
