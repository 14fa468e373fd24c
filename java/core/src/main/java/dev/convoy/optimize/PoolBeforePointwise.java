package dev.convoy.optimize;

import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.List;

/**
 * An average over pixels behind a 1×1 convolution moves before it: the two commute, and the
 * convolution is left with the pixels of the average. A dense network's transitions do a quarter of
 * their work.
 */
final class PoolBeforePointwise implements Pass {
  /** The pool may have more channels to read before the convolution than behind it. */
  private static final int LEAST_REDUCTION = 2;

  @Override
  public Graph apply(Graph graph) {
    return Rewrite.of(
        graph,
        (rewrite, id, node) -> {
          int consumer = rewrite.soleConsumer(id);
          if (consumer >= 0 && commutes(node, rewrite.old(consumer))) {
            return Rewrite.ABSORBED;
          }
          if (averages(node.op())
              && rewrite.replacement(node.inputs().get(0)) == Rewrite.ABSORBED) {
            return swap(rewrite, rewrite.old(node.inputs().get(0)), node);
          }
          return rewrite.keep(node);
        });
  }

  private static boolean commutes(Node node, Node consumer) {
    return node.op() instanceof Conv2d conv
        && conv.window().isPointwise()
        && !conv.residual()
        && conv.activation().isIdentity()
        && averages(consumer.op())
        && consumer.shape().size() * LEAST_REDUCTION <= node.shape().size();
  }

  /** Whether every output is an average of the input alone: zeros of a padding weaken the bias. */
  private static boolean averages(Op op) {
    if (op instanceof Pool2d pool) {
      Window w = pool.window();
      boolean padded = w.top() > 0 || w.left() > 0 || w.bottom() > 0 || w.right() > 0;
      return pool.kind() == Pooling.AVERAGE && !(padded && pool.countIncludePad());
    }
    return op instanceof AdaptivePool2d pool && pool.kind() == Pooling.AVERAGE;
  }

  private static int swap(Rewrite rewrite, Node conv, Node pool) {
    int input = conv.inputs().get(0);
    Shape pooled =
        Shape.chw(
            rewrite.old(input).shape().channels(), pool.shape().height(), pool.shape().width());
    int average =
        rewrite.emit(
            new Node(
                pool.name(),
                pool.op(),
                rewrite.replacements(conv.inputs()),
                pool.parameters(),
                pooled,
                pool.layout()));
    return rewrite.emit(
        new Node(
            conv.name(),
            conv.op(),
            List.of(average),
            conv.parameters(),
            pool.shape(),
            conv.layout()));
  }
}
