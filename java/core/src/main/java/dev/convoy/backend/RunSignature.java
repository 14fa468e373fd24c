package dev.convoy.backend;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of a compiled network take and give: the check of a run's arguments that every
 * backend makes before it touches memory. Thread-safe.
 *
 * @param maxBatch the most images in one run
 * @param inputs the graph's input nodes, in order
 * @param outputs the graph's output nodes, in order
 */
public record RunSignature(int maxBatch, List<Node> inputs, List<Node> outputs) {
  public RunSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public static RunSignature of(Graph graph, CompileOptions options) {
    return new RunSignature(
        options.maxBatch(),
        graph.inputs().stream().map(graph::node).toList(),
        graph.outputs().stream().map(graph::node).toList());
  }

  /**
   * Checks the arguments of {@link Execution#run}.
   *
   * @throws RunException naming the batch or the array at fault
   */
  public void check(int batch, float[][] inputArrays, float[][] outputArrays) {
    checkInputs(batch, inputArrays);
    check("output", outputs, batch, outputArrays);
  }

  /** Checks the batch and the inputs alone. */
  public void checkInputs(int batch, float[][] inputArrays) {
    if (batch < 1) {
      throw new RunException("a run takes at least 1 image, got " + batch);
    }
    if (batch > maxBatch) {
      throw new RunException(
          "a run takes 1 to %d images, got %d: compile with a larger maxBatch, or split the batch"
              .formatted(maxBatch, batch));
    }
    check("input", inputs, batch, inputArrays);
  }

  private static void check(String side, List<Node> nodes, int batch, float[][] arrays) {
    if (arrays.length != nodes.size()) {
      throw new RunException(
          "a run takes one array for each of the %ss %s, got %d arrays"
              .formatted(side, names(nodes), arrays.length));
    }
    for (int i = 0; i < arrays.length; i++) {
      Node node = nodes.get(i);
      long needed = batch * node.shape().size();
      float @Nullable [] array = arrays[i];
      if (array == null || array.length < needed) {
        throw new RunException(
            "%s '%s' of %d images of %s needs %d floats, got %s"
                .formatted(
                    side,
                    node.name(),
                    batch,
                    node.shape(),
                    needed,
                    array == null ? "null" : array.length));
      }
    }
  }

  private static List<String> names(List<Node> nodes) {
    return nodes.stream().map(Node::name).toList();
  }
}
