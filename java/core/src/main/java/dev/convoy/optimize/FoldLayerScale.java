package dev.convoy.optimize;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Node;
import dev.convoy.graph.Parameter;
import java.util.List;

/** A layer scale behind a convolution becomes a factor of its filters and bias. */
final class FoldLayerScale implements Pass {
  @Override
  public Graph apply(Graph graph) {
    return Rewrite.of(
        graph,
        (rewrite, id, node) -> {
          int consumer = rewrite.soleConsumer(id);
          if (consumer >= 0
              && rewrite.old(consumer).op() instanceof LayerScale
              && node.op() instanceof Conv2d conv
              && !conv.residual()
              && conv.activation().isIdentity()) {
            return Rewrite.ABSORBED;
          }
          if (node.op() instanceof LayerScale
              && rewrite.replacement(node.inputs().get(0)) == Rewrite.ABSORBED) {
            return rewrite.emit(fold(rewrite, rewrite.old(node.inputs().get(0)), node));
          }
          return rewrite.keep(node);
        });
  }

  private static Node fold(Rewrite rewrite, Node conv, Node scale) {
    Parameter factors = scale.parameters().get(0);
    List<Parameter> scaled =
        conv.parameters().stream()
            .<Parameter>map(values -> new Parameter.Scaled(values, factors))
            .toList();
    return new Node(
        conv.name(),
        conv.op(),
        rewrite.replacements(conv.inputs()),
        scaled,
        conv.shape(),
        conv.layout());
  }
}
