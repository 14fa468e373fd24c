package dev.convoy.cli.verify;

import dev.convoy.Printable;
import dev.convoy.backend.Mode;
import dev.convoy.cli.ArchitectureConverter;
import dev.convoy.cli.BackendOptions;
import dev.convoy.cli.BatchOption;
import dev.convoy.cli.Command;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cli.WeightOptions;
import dev.convoy.cli.Weighted;
import dev.convoy.models.Architecture;
import dev.convoy.plan.Backends;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.verify.CaseResult.Status;
import dev.convoy.verify.Departure;
import dev.convoy.verify.GoldenReport;
import dev.convoy.verify.GoldenSuite;
import dev.convoy.verify.Subject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convoy verify}: a backend against the reference, or against answers made elsewhere. */
@CommandLine.Command(
    name = "verify",
    description =
        "Compare a backend with the reference on a network, node by node, or with the answers of"
            + " independent software (golden files).",
    footer = {
      "Without --weights a network gets made-up ones, the same on every machine.",
      "",
      "Examples:",
      "  convoy verify resnet18",
      "  convoy verify vgg16 --mode exact --weights vgg16-397923af.pth",
      "  convoy verify --golden vectors.json layers/*.jsonl --mode exact",
      "  convoy verify --golden vision/cases.json --photos photos",
      "",
      "Exit status: 0 all is right, 1 a node departs, a case fails or none could be",
      "checked, 2 wrong usage or file."
    })
public final class VerifyCommand implements Command {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      converter = ArchitectureConverter.class,
      completionCandidates = ArchitectureConverter.Names.class,
      description = "One of 'convoy models'.")
  private @Nullable Architecture model;

  @Option(
      names = "--golden",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Golden files of any kind: models, layers, keys, counts, vectors, vision, train.")
  private List<Path> golden = List.of();

  @Option(
      names = "--photos",
      paramLabel = "DIR",
      description = "The photos that vision cases name.")
  private @Nullable Path photos;

  @Mixin private WeightOptions weights = new WeightOptions();

  @Mixin private BatchOption batch = new BatchOption(1);

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      completionCandidates = BackendOptions.Names.class,
      description = "What is put to the test: ${COMPLETION-CANDIDATES} (default: native).")
  private String backend = "native";

  @Option(names = "--mode", paramLabel = "MODE", description = "fast (default), compact or exact.")
  private Mode mode = Mode.FAST;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** What {@code --batch} was called here. */
  @Option(names = "--images", paramLabel = "N", hidden = true)
  void images(int images) {
    batch.set(images);
  }

  @Override
  public Integer call() {
    if (model != null && golden.isEmpty()) {
      return compare(model);
    }
    if (model == null && !golden.isEmpty()) {
      return replay();
    }
    throw new ParameterException(spec.commandLine(), "give either a MODEL or --golden FILE…");
  }

  private int compare(Architecture architecture) {
    int images = batch.size();
    Weighted subject = weights.orMadeUp(architecture, spec.commandLine().getErr());
    Shape shape = subject.network().input().batch(images);
    Tensor input =
        new Tensor(shape, GoldenNumbers.signed("verify/" + architecture, shape.intSize()));
    Departure departure =
        Departure.find(
            subject.network(),
            subject.parameters(),
            input,
            Backends.named(backend),
            Backends.named("reference"),
            mode);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      DepartureJson.write(departure, architecture.name(), out);
    } else {
      out.print(departure.toText());
    }
    out.flush();
    return departure.first().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private int replay() {
    Subject subject = new Subject(Backends.named(backend), mode, photos);
    List<GoldenSuite> suites = golden.stream().map(GoldenSuite::open).toList();
    PrintWriter out = spec.commandLine().getOut();
    List<GoldenReport> reports = new ArrayList<>();
    for (GoldenSuite suite : suites) {
      reports.add(suite.run(subject, (done, total, result) -> line(out, result.toString())));
      line(out, suite.file() + ": " + reports.get(reports.size() - 1).totals());
    }
    if (json) {
      out.println(GoldenReport.toJson(reports));
      out.flush();
    }
    if (!reports.stream().allMatch(GoldenReport::passed)) {
      return ExitStatus.FAILED;
    }
    if (count(reports, Status.PASSED) > 0) {
      return ExitStatus.OK;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "convoy: nothing was checked: all %d cases are unsupported, each says why"
            .formatted(count(reports, Status.UNSUPPORTED)));
    err.flush();
    return ExitStatus.FAILED;
  }

  private static long count(List<GoldenReport> reports, Status status) {
    return reports.stream().mapToLong(report -> report.count(status)).sum();
  }

  private void line(PrintWriter out, String text) {
    if (!json) {
      out.println(Printable.lines(text));
      out.flush();
    }
  }
}
