package dev.convoy.verify;

import dev.convoy.graph.Graph;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Values inside a network: it is compiled with all of them as outputs, so that none is folded into
 * its neighbours.
 */
record CheckpointsCase(
    String id, GoldenNetwork network, InputTensor input, int classes, List<Checkpoint> checkpoints)
    implements GoldenCase {

  @Override
  public CaseResult compare(Subject subject) {
    Graph graph = network.network(input.shape(), classes).graph();
    Comparison comparison = new Comparison();
    Map<Integer, Checkpoint> found = find(graph, comparison);
    List<Integer> outputs = new ArrayList<>(found.keySet());
    if (outputs.size() == checkpoints.size()) { // else the network is another one
      Graph exposed = new Graph(graph.nodes(), outputs);
      Evaluation evaluation =
          Evaluation.of(
              subject,
              exposed,
              network.parameters(graph),
              input.batch(),
              new float[][] {input.values()});
      for (int i = 0; i < outputs.size(); i++) {
        Checkpoint checkpoint = found.get(outputs.get(i));
        if (checkpoint != null) {
          checkpoint.check(comparison, evaluation.output(i), evaluation.accuracy());
        }
      }
    }
    return comparison.result(id);
  }

  private Map<Integer, Checkpoint> find(Graph graph, Comparison comparison) {
    Map<Integer, Checkpoint> found = new LinkedHashMap<>();
    for (Checkpoint checkpoint : checkpoints) {
      OptionalInt node = graph.find(checkpoint.name());
      if (node.isEmpty()) {
        comparison.fail("the network has no layer '" + checkpoint.name() + "'");
        continue;
      }
      Shape shape = graph.node(node.getAsInt()).shape().batch(input.batch());
      if (comparison.same(checkpoint.name() + " shape", checkpoint.shape(), shape)) {
        found.put(node.getAsInt(), checkpoint);
      }
    }
    return found;
  }
}
