package dev.convoy.bench;

import dev.convoy.cli.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How figures are handed over; a picocli mixin. */
final class OutputOptions {
  private static final String CHECKOUT = "";

  @Option(names = "--json", description = "Print an array of rows as JSON.")
  private boolean json;

  @Option(
      names = "--save",
      arity = "0..1",
      fallbackValue = CHECKOUT,
      paramLabel = "FOLDER",
      description =
          "Also write JSON and Markdown to a folder of this processor's in FOLDER (default: the checkout's"
              + " bench/results). Write --save=FOLDER.")
  private @Nullable String save;

  /** Prints a report, and saves it if that was asked for. */
  void hand(Report report, int jsonDepth, CommandSpec spec) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(report.jsonRows(jsonDepth));
    } else {
      out.print(report.machine().header());
      out.println();
      out.print(report.text());
    }
    out.flush();
    save(report, spec);
  }

  /** Prints a table that belongs to a report before; JSON holds it inside the report. */
  void handDetail(Report report, CommandSpec spec) {
    if (!json) {
      PrintWriter out = spec.commandLine().getOut();
      out.println();
      out.println(report.title());
      out.print(report.text());
      out.flush();
    }
    save(report, spec);
  }

  boolean saves() {
    return save != null;
  }

  /** Where reports are saved if that was asked for. */
  Results results() {
    return save == null || save.equals(CHECKOUT)
        ? Results.ofCheckout()
        : new Results(Path.of(save));
  }

  private void save(Report report, CommandSpec spec) {
    if (saves()) {
      PrintWriter err = spec.commandLine().getErr();
      results().save(report).forEach(file -> err.println("wrote " + file));
      err.flush();
    }
  }

  /** Tells people who watch what is being measured. */
  static void progress(CommandSpec spec, String what) {
    if (Terminal.isError()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("measuring " + what);
      err.flush();
    }
  }
}
