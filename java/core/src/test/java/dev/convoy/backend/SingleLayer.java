package dev.convoy.backend;

import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.graph.Op;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Networks of one layer, called {@code layer}, on inputs called {@code in0}, {@code in1}, …. */
public final class SingleLayer {
  private SingleLayer() {}

  public static Graph of(Op op, Shape... inputs) {
    GraphBuilder builder = new GraphBuilder();
    List<Integer> ids = new ArrayList<>();
    for (Shape input : inputs) {
      ids.add(builder.add("in" + ids.size(), new Input(input), List.of()));
    }
    return builder.build(List.of(builder.add("layer", op, ids)));
  }
}
