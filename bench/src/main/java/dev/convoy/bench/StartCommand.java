package dev.convoy.bench;

import dev.convoy.bench.onnx.OnnxExporter;
import dev.convoy.cli.BackendOptions;
import dev.convoy.cli.ExitStatus;
import dev.convoy.graph.Graph;
import dev.convoy.plan.Backends;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy bench start}: how soon a fresh JVM answers, and how much memory it takes. */
@CommandLine.Command(
    name = "start",
    description = {
      "Measure the time from the start of a JVM to its first answer, and its peak memory.",
      "Convoy loads a safetensors file, ONNX Runtime the same network and weights as an ONNX file,",
      "each in fresh processes, in turns. The peak is that after some more answers. Medians; less is",
      "better."
    },
    footer = {
      "Examples:",
      "  convoy bench start resnet50 --batch 32",
      "  convoy bench start resnet50 --backend onednn"
    })
final class StartCommand implements Callable<Integer> {
  @Mixin private final WorkOptions work = new WorkOptions();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      completionCandidates = BackendOptions.Names.class,
      description = "Convoy on ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String backend = "native";

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "Processes of each (default: ${DEFAULT-VALUE}).")
  private int starts = 5;

  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    work.check(spec);
    Backends.named(backend); // an unknown one is known before any process starts
    WorkOptions.require(starts > 0, spec, "--starts must be at least 1, got " + starts);
    List<StartRow> rows = new ArrayList<>();
    for (Workload workload : work.workloads(spec)) {
      try (TemporaryFolder folder = new TemporaryFolder()) {
        Path ours = folder.path().resolve("weights.safetensors");
        weights(workload).save(ours);
        for (WorkOptions.Case one : work.cases(workload)) {
          OutputOptions.progress(spec, one.toString());
          Path theirs = folder.path().resolve("network.onnx");
          OnnxExporter.write(workload.graph(), workload.parameters(), theirs);
          rows.add(measure(one, ours, theirs));
        }
      }
    }
    output.hand(
        new Report(
            "start",
            "Start and memory: Convoy on '%s', ".formatted(backend)
                + Peer.ONNXRUNTIME.titleAndVersion(),
            Machine.here(work.nativeBackend().isa().toString()),
            StartRow.HEADINGS,
            rows),
        1,
        spec);
    return ExitStatus.OK;
  }

  private static Weights weights(Workload workload) {
    Graph graph = workload.graph();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph
        .storedParameters()
        .forEach((key, stored) -> tensors.put(key, stored.value(workload.parameters())));
    return Weights.of(tensors);
  }

  private StartRow measure(WorkOptions.Case one, Path ours, Path theirs) {
    List<StartRow.Start> convoy = new ArrayList<>();
    List<StartRow.Start> onnxRuntime = new ArrayList<>();
    for (int i = -1; i < starts; i++) {
      StartRow.Start first = start(backend, one, ours);
      StartRow.Start second = start(Peer.ONNXRUNTIME.toString(), one, theirs);
      if (i >= 0) { // the first of each brought files and libraries into the system's cache
        convoy.add(first);
        onnxRuntime.add(second);
      }
    }
    return new StartRow(
        one.workload().name(),
        one.batch(),
        one.threads(),
        StartRow.Start.median(convoy),
        StartRow.Start.median(onnxRuntime));
  }

  private StartRow.Start start(String whose, WorkOptions.Case one, Path file) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            FirstAnswer.class.getName(),
            whose,
            one.workload().name(),
            file.toString(),
            Integer.toString(one.batch()),
            Integer.toString(one.threads()));
    builder.environment().put("CONVOY_MAX_ISA", work.nativeBackend().isa().toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      long start = System.nanoTime();
      Process process = builder.start();
      try (BufferedReader out = process.inputReader()) {
        @Nullable String answer = out.readLine();
        double seconds = (System.nanoTime() - start) * 1e-9;
        @Nullable String memory = out.readLine();
        if (process.waitFor() != 0 || !FirstAnswer.ANSWERED.equals(answer) || memory == null) {
          throw new BenchException("%s: the process of %s gave no answer".formatted(one, whose));
        }
        return new StartRow.Start(seconds, Long.parseLong(memory) * 1024e-6);
      }
    } catch (IOException e) {
      throw new BenchException("no JVM can be started: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while a JVM started", e);
    }
  }
}
