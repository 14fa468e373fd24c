package dev.convoy.verify;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Tuning;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.ParameterSource;
import dev.convoy.models.Architecture;
import dev.convoy.models.Catalog;
import dev.convoy.plan.Plan;
import dev.convoy.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plan of any network can be saved, read and compiled with, and chooses the same again. */
class SavedPlansTest {
  @TempDir Path folder;

  static List<String> models() {
    return Catalog.all().stream().map(Architecture::name).toList();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("models")
  void isTakenAgain(String model) {
    Subjects.best(Mode.FAST);
    Graph graph = Catalog.find(model).network().graph();
    Map<String, Parameter.Stored> stored = graph.storedParameters();
    ParameterSource zeros = key -> Tensor.zeros(requireNonNull(stored.get(key)).shape());
    Path file = folder.resolve(model + ".plan");
    CpuBackend backend = CpuBackend.create();
    List<String> algorithms;
    try (Plan plan = Plan.compile(graph, zeros, backend, CompileOptions.DEFAULT)) {
      algorithms = algorithms(plan);
      Tuning.of(backend, CompileOptions.DEFAULT, plan.choices()).write(file);
    }
    CpuBackend planned = backend.planned(Tuning.read(file));
    try (Plan plan = Plan.compile(graph, zeros, planned, CompileOptions.DEFAULT)) {
      assertEquals(algorithms, algorithms(plan));
    }
  }

  private static List<String> algorithms(Plan plan) {
    return plan.choices().stream().map(Choice::algorithm).toList();
  }
}
