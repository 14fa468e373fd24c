package dev.convoy.optimize;

import dev.convoy.graph.Add;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * An addition with the result of a convolution becomes that convolution's residual. The convolution
 * moves behind the other operand; of two convolutions the first operand's is taken.
 */
final class FuseResidualAdd implements Pass {
  @Override
  public Graph apply(Graph graph) {
    return Rewrite.of(
        graph,
        (rewrite, id, node) -> {
          int consumer = rewrite.soleConsumer(id);
          if (consumer >= 0
              && rewrite.old(consumer).op() instanceof Add
              && absorbed(rewrite, rewrite.old(consumer)) == id) {
            return Rewrite.ABSORBED;
          }
          if (node.op() instanceof Add add) {
            int conv = absorbed(rewrite, node);
            if (conv >= 0) {
              return rewrite.emit(fuse(rewrite, rewrite.old(conv), conv, node, add));
            }
          }
          return rewrite.keep(node);
        });
  }

  /** The operand of an addition that can absorb it, or -1. */
  private static int absorbed(Rewrite rewrite, Node add) {
    for (int operand : add.inputs()) {
      if (rewrite.old(operand).op() instanceof Conv2d conv
          && !conv.residual()
          && conv.activation().isIdentity()
          && rewrite.soleConsumer(operand) >= 0) {
        return operand;
      }
    }
    return -1;
  }

  private static Node fuse(Rewrite rewrite, Node convNode, int conv, Node addNode, Add add) {
    int other = addNode.inputs().get(0) == conv ? addNode.inputs().get(1) : addNode.inputs().get(0);
    List<Integer> inputs = new ArrayList<>(rewrite.replacements(convNode.inputs()));
    inputs.add(rewrite.replacement(other));
    return new Node(
        convNode.name(),
        ((Conv2d) convNode.op()).withResidual().with(add.activation()),
        inputs,
        convNode.parameters(),
        convNode.shape(),
        convNode.layout());
  }
}
