package dev.convoy.verify;

import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.Pass;
import dev.convoy.plan.Model;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.reference.ReferenceExecutable;
import java.util.Arrays;

/** One run of a graph: its outputs as doubles, and what accuracy its arithmetic owes. */
final class Evaluation {
  private final Accuracy accuracy;
  private final float[][] singles;
  private final double[][] doubles;

  private Evaluation(Accuracy accuracy, float[][] singles, double[][] doubles) {
    this.accuracy = accuracy;
    this.singles = singles;
    this.doubles = doubles;
  }

  /**
   * Optimises, compiles and runs.
   *
   * @param inputs for every input of the graph batch × size floats
   */
  static Evaluation of(
      Subject subject, Graph graph, ParameterSource parameters, int batch, float[][] inputs) {
    CompileOptions options = CompileOptions.DEFAULT.maxBatch(batch).mode(subject.mode());
    if (subject.isFloat64()) {
      ReferenceBackend reference = (ReferenceBackend) subject.backend();
      try (ReferenceExecutable executable =
          reference.compile(Pass.optimize(graph), parameters, options)) {
        return new Evaluation(
            Accuracy.FLOAT64, new float[0][], executable.runDouble(batch, inputs));
      }
    }
    try (Model model = Model.compile(graph, parameters, subject.backend(), options)) {
      float[][] outputs = new float[graph.outputs().size()][];
      for (int i = 0; i < outputs.length; i++) {
        int id = graph.outputs().get(i);
        outputs[i] = new float[graph.node(id).shape().batch(batch).intSize()];
        Arrays.fill(outputs[i], Float.NaN); // what a run forgets to write must not look right
      }
      model.run(batch, inputs, outputs);
      boolean winograd =
          model.plan().choices().stream().anyMatch(c -> c.algorithm().contains("winograd"));
      return new Evaluation(
          winograd ? Accuracy.WINOGRAD : Accuracy.DIRECT, outputs, new double[0][]);
    }
  }

  Accuracy accuracy() {
    return accuracy;
  }

  /** One output of the graph, all images of the batch. */
  double[] output(int index) {
    if (accuracy == Accuracy.FLOAT64) {
      return doubles[index];
    }
    double[] widened = new double[singles[index].length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = singles[index][i];
    }
    return widened;
  }
}
