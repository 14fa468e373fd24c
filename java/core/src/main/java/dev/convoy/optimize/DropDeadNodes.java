package dev.convoy.optimize;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import java.util.BitSet;

/** Removes what no output depends on, such as the auxiliary heads of training. Inputs stay. */
public final class DropDeadNodes implements Pass {
  @Override
  public Graph apply(Graph graph) {
    BitSet live = graph.live();
    return Rewrite.of(
        graph,
        (rewrite, id, node) ->
            live.get(id) || node.op() instanceof Input ? rewrite.keep(node) : Rewrite.ABSORBED);
  }
}
