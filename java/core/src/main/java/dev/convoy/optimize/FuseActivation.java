package dev.convoy.optimize;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import org.jspecify.annotations.Nullable;

/** An activation behind a convolution, linear layer, batch norm or addition becomes part of it. */
final class FuseActivation implements Pass {
  @Override
  public Graph apply(Graph graph) {
    return Rewrite.of(
        graph,
        (rewrite, id, node) -> {
          int consumer = rewrite.soleConsumer(id);
          if (consumer >= 0
              && rewrite.old(consumer).op() instanceof Activate activate
              && with(node.op(), activate.activation()) != null) {
            return Rewrite.ABSORBED;
          }
          if (node.op() instanceof Activate activate
              && rewrite.replacement(node.inputs().get(0)) == Rewrite.ABSORBED) {
            Node producer = rewrite.old(node.inputs().get(0));
            Op fused = with(producer.op(), activate.activation());
            if (fused != null) {
              return rewrite.emit(
                  new Node(
                      producer.name(),
                      fused,
                      rewrite.replacements(producer.inputs()),
                      producer.parameters(),
                      producer.shape(),
                      producer.layout()));
            }
          }
          return rewrite.keep(node);
        });
  }

  /** The operation with this activation behind it, or null if it has no place for one. */
  private static @Nullable Op with(Op op, Activation activation) {
    if (op instanceof Conv2d conv && conv.activation().isIdentity()) {
      return conv.with(activation);
    }
    if (op instanceof Linear linear && linear.activation().isIdentity()) {
      return linear.with(activation);
    }
    if (op instanceof BatchNorm norm && norm.activation().isIdentity()) {
      return norm.with(activation);
    }
    if (op instanceof Add add && add.activation().isIdentity()) {
      return new Add(activation);
    }
    return null;
  }
}
