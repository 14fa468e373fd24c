package dev.convoy.verify;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.Softmax;
import java.util.List;

/** The result of a network, optimised as it is for users. */
record LogitsCase(String id, GoldenNetwork network, InputTensor input, LogitsDigest expected)
    implements GoldenCase {

  @Override
  public CaseResult compare(Subject subject) {
    Graph graph = network.network(input.shape(), expected.classes()).graph();
    int result = graph.outputs().get(0);
    Node last = graph.node(result);
    boolean probabilities = last.op() instanceof Softmax;
    List<Integer> outputs = probabilities ? List.of(last.inputs().get(0), result) : List.of(result);
    Comparison comparison = new Comparison();
    if (comparison.same("logits shape", expected.shape(), last.shape().batch(input.batch()))) {
      Evaluation evaluation =
          Evaluation.of(
              subject,
              new Graph(graph.nodes(), outputs),
              network.parameters(graph),
              input.batch(),
              new float[][] {input.values()});
      expected.check(comparison, evaluation.output(0), evaluation.accuracy());
      if (probabilities) {
        expected.checkSoftmax(comparison, evaluation.output(1), evaluation.accuracy());
      } else if (expected.hasSoftmax()) {
        comparison.fail("the network does not end with a softmax");
      }
    }
    return comparison.result(id);
  }
}
