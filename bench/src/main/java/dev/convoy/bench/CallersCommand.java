package dev.convoy.bench;

import dev.convoy.backend.Backend;
import dev.convoy.cli.BackendOptions;
import dev.convoy.cli.ExitStatus;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench callers}: what a service gets that asks from many threads. */
@CommandLine.Command(
    name = "callers",
    description = {
      "Measure one network that is called from many Java threads at once.",
      "The images per second of all together, what a caller waits, and how many threads the process",
      "has besides them. The throughput should hold and no further threads appear, however many",
      "callers there are."
    },
    footer = {
      "Examples:",
      "  convoy bench callers resnet18 --threads 2",
      "  convoy bench callers mobilenet_v2 --callers 1,64 --backend onednn"
    })
final class CallersCommand implements Callable<Integer> {
  private static final String NATIVE = "native";
  private static final int MOST_CALLERS = 1024;

  @Mixin private final WorkOptions work = new WorkOptions();

  @Option(
      names = "--callers",
      split = ",",
      paramLabel = "N",
      description = "Java threads that call, one or several numbers (default: 1, 2, 8 and 64).")
  private List<Integer> callers = List.of(1, 2, 8, 64);

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      completionCandidates = BackendOptions.Names.class,
      description = "What computes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String backendName = NATIVE;

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    work.check(spec);
    for (int count : callers) {
      WorkOptions.require(
          count >= 1 && count <= MOST_CALLERS,
          spec,
          "--callers must be 1 to " + MOST_CALLERS + ", got " + count);
    }
    boolean fast = backendName.equals(NATIVE);
    WorkOptions.require(work.isa() == null || fast, spec, "--isa goes with the native backend");
    Backend backend = fast ? work.nativeBackend() : Backends.named(backendName);
    List<CallersRow> rows = new ArrayList<>();
    for (Workload workload : work.workloads(spec)) {
      for (WorkOptions.Case one : work.cases(workload)) {
        rows.addAll(measure(one, backend));
      }
    }
    output.hand(
        new Report(
            "callers",
            "Many callers of one network, on '" + backend.name() + "'",
            Machine.here(backend instanceof CpuBackend cpu ? cpu.isa().toString() : "-"),
            CallersRow.HEADINGS,
            rows),
        1,
        spec);
    return ExitStatus.OK;
  }

  private List<CallersRow> measure(WorkOptions.Case one, Backend backend) {
    Workload workload = one.workload();
    List<CallersRow> rows = new ArrayList<>();
    try (Plan plan =
        Plan.compile(workload.graph(), workload.parameters(), backend, one.options())) {
      new Callers(one, plan, 1).measure(work.seconds() / 2); // memory of runs, and the compiler
      for (int count : callers) {
        OutputOptions.progress(spec, one + ", " + count + (count == 1 ? " caller" : " callers"));
        rows.add(new Callers(one, plan, count).measure(work.seconds()));
      }
    }
    return rows;
  }
}
