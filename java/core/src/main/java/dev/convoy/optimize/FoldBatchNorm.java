package dev.convoy.optimize;

import dev.convoy.graph.Activation;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch norm behind a convolution or linear layer becomes that layer's scale and bias. */
final class FoldBatchNorm implements Pass {
  @Override
  public Graph apply(Graph graph) {
    return Rewrite.of(
        graph,
        (rewrite, id, node) -> {
          if (foldsIntoConsumer(rewrite, id, node)) {
            return Rewrite.ABSORBED;
          }
          if (node.op() instanceof BatchNorm norm) {
            int producer = node.inputs().get(0);
            if (rewrite.replacement(producer) == Rewrite.ABSORBED) {
              return rewrite.emit(fold(rewrite, rewrite.old(producer), node, norm));
            }
          }
          return rewrite.keep(node);
        });
  }

  private static boolean foldsIntoConsumer(Rewrite rewrite, int id, Node node) {
    int consumer = rewrite.soleConsumer(id);
    return consumer >= 0
        && rewrite.old(consumer).op() instanceof BatchNorm
        && withBias(node.op(), Activation.IDENTITY) != null;
  }

  /**
   * The operation with a bias and this activation if a scale and shift can follow it, else null.
   */
  private static @Nullable Op withBias(Op op, Activation activation) {
    if (op instanceof Conv2d conv && !conv.residual() && conv.activation().isIdentity()) {
      return conv.withBias(true).with(activation);
    }
    if (op instanceof Linear linear && linear.activation().isIdentity()) {
      return new Linear(linear.outFeatures(), true, activation);
    }
    return null;
  }

  private static Node fold(Rewrite rewrite, Node layer, Node normNode, BatchNorm norm) {
    Parameter weight = layer.parameters().get(0);
    @Nullable Parameter bias = layer.parameters().size() > 1 ? layer.parameters().get(1) : null;
    List<Parameter> p = normNode.parameters();
    Op op = withBias(layer.op(), norm.activation());
    if (op == null) {
      throw new IllegalStateException("not foldable: " + layer);
    }
    return new Node(
        layer.name(),
        op,
        rewrite.replacements(layer.inputs()),
        List.of(
            new Parameter.ScaledFilters(weight, p.get(0), p.get(3), norm.eps()),
            new Parameter.ShiftedBias(bias, p.get(0), p.get(1), p.get(2), p.get(3), norm.eps())),
        layer.shape(),
        layer.layout());
  }
}
