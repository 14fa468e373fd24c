package dev.convoy.optimize;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Identity;
import dev.convoy.graph.Op;

/** Removes what does nothing in inference: dropout, identities. */
public final class DropIdentities implements Pass {
  @Override
  public Graph apply(Graph graph) {
    return Rewrite.of(
        graph,
        (rewrite, id, node) ->
            doesNothing(node.op())
                ? rewrite.replacement(node.inputs().get(0))
                : rewrite.keep(node));
  }

  private static boolean doesNothing(Op op) {
    return op instanceof Dropout
        || op instanceof Identity
        || (op instanceof Activate activate && activate.activation().isIdentity());
  }
}
