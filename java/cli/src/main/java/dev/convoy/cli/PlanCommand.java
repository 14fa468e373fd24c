package dev.convoy.cli;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Choice;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.nn.Network;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy plan}: which algorithm computes which layer, how quickly, and why not another. */
@CommandLine.Command(
    name = "plan",
    description =
        "Compile a network and print for every layer the chosen algorithm, its time, and what was refused and why.",
    footer = {
      "Without --weights a network gets made-up ones, which change no choice and no time.",
      "",
      "Examples:",
      "  convoy plan resnet50 --refusals",
      "  convoy plan resnet50 --backend onednn --batch 8",
      "  convoy plan resnet50 --tune --batch 16 --save-plan resnet50.plan"
    })
public final class PlanCommand implements Command {
  private static final double PEAK_SECONDS = 0.2;
  private static final int RUNS = 9;
  private static final String ROW = "%-34s %-34s %9s %9s %7s %9s%n";

  @Mixin private ModelArgument model = new ModelArgument();

  @Mixin private WeightOptions weights = new WeightOptions();

  @Mixin private BatchOption batch = new BatchOption(1);

  @Option(names = "--refusals", description = "Also print what was refused, and why.")
  private boolean refusals;

  @Mixin private BackendOptions computing = new BackendOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    Backend backend = computing.backend();
    int images = computing.together(batch, batch.size());
    Weighted subject = weights.orMadeUp(model.architecture(), spec.commandLine().getErr());
    computing.checkSaving(weights.files());
    try (Plan plan =
        Plan.compile(
            subject.network().graph(), subject.parameters(), backend, computing.compile(images))) {
      computing.save(plan, backend);
      long[] nanos = measure(plan, subject.network(), images);
      print(plan, images, nanos, peak(backend, computing.threads()));
    }
    return ExitStatus.OK;
  }

  /** GFLOP/s that the threads of a run could reach; NaN for a backend that cannot tell. */
  private static double peak(Backend backend, int threads) {
    return backend instanceof CpuBackend cpu ? cpu.measurePeak(PEAK_SECONDS) * threads : Double.NaN;
  }

  /** For every step the median of several runs. */
  private static long[] measure(Plan plan, Network network, int batch) {
    float[][] inputs = {GoldenNumbers.signed("plan", network.input().batch(batch).intSize())};
    float[][] outputs =
        plan.graph().outputs().stream()
            .map(id -> new float[plan.graph().node(id).shape().batch(batch).intSize()])
            .toArray(float[][]::new);
    plan.run(batch, inputs, outputs);
    long[][] runs = new long[RUNS][];
    for (int run = 0; run < RUNS; run++) {
      runs[run] = plan.profile(batch, inputs, outputs);
    }
    long[] medians = new long[runs[0].length];
    for (int step = 0; step < medians.length; step++) {
      int index = step;
      medians[step] = Arrays.stream(runs).mapToLong(run -> run[index]).sorted().toArray()[RUNS / 2];
    }
    return medians;
  }

  private void print(Plan plan, int batch, long[] nanos, double peak) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s, batch %d%s"
            .formatted(
                plan.backend(),
                batch,
                Double.isNaN(peak) ? "" : ", peak " + decimal(peak, 0) + " GFLOP/s"));
    out.printf(ROW, "layer", "algorithm", "ms", "GFLOP/s", "of peak", "MB");
    List<Choice> choices = plan.choices();
    double total = 0;
    long macs = 0;
    for (int step = 0; step < choices.size(); step++) {
      Choice choice = choices.get(step);
      row(
          out,
          choice.node(),
          choice.algorithm() + (choice.rows() == 0 ? "" : ", " + choice.rows() + " rows"),
          (double) nanos[step],
          choice.macs() * batch,
          peak,
          decimal(choice.bytes() / 1e6, 2));
      if (refusals) {
        choice.refused().forEach(reason -> out.println("    not " + reason));
      }
      total += nanos[step];
      macs += choice.macs() * batch;
    }
    row(out, "all", "", total, macs, peak, "");
    if (plan.weightBytes() > 0) {
      out.println(
          "memory: %s MB of packed weights, and %s MB for each run at once"
              .formatted(decimal(plan.weightBytes() / 1e6, 2), decimal(plan.runBytes() / 1e6, 2)));
    }
    out.flush();
  }

  private static void row(
      PrintWriter out,
      String name,
      String algorithm,
      double nanos,
      long macs,
      double peak,
      String megabytes) {
    double speed = 2.0 * macs / nanos;
    out.printf(
        ROW,
        name,
        algorithm,
        decimal(nanos / 1e6, 3),
        macs == 0 ? "" : decimal(speed, 1),
        macs == 0 || Double.isNaN(peak) ? "" : decimal(speed / peak * 100, 0) + " %",
        megabytes);
  }

  private static String decimal(double number, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }
}
