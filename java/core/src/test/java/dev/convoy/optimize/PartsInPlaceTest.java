package dev.convoy.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.GraphBuilder;
import dev.convoy.graph.Input;
import dev.convoy.tensor.Layout;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsInPlaceTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final int in = builder.add("in", new Input(Shape.chw(16, 4, 4)), List.of());

  private int conv(String name, int channels) {
    return builder.add(name, Conv2d.of(channels, 1), List.of(in));
  }

  private int concat(String name, int... parts) {
    List<Integer> inputs = new ArrayList<>();
    for (int part : parts) {
      inputs.add(part);
    }
    return builder.add(name, new Concat(), inputs);
  }

  /** {@code name whole+channel} of every part, and every concatenation. */
  private String parts(int... outputs) {
    // an output is converted behind the node, so that the node itself is none
    List<Integer> ends = new ArrayList<>();
    for (int output : outputs) {
      ends.add(builder.add("end" + output, Conv2d.of(16, 1), List.of(output)));
    }
    Graph graph = new AssignLayout().apply(builder.build(ends));
    PartsInPlace parts = PartsInPlace.of(graph);
    StringBuilder text = new StringBuilder();
    for (int id = 0; id < graph.nodes().size(); id++) {
      PartsInPlace.Place place = parts.places().get(id);
      boolean concat = graph.node(id).op() instanceof Concat;
      if (place.whole() != id || concat) {
        String whole = graph.node(place.whole()).name() + "+" + place.channel();
        String copies = concat && !parts.copiesNothing(graph, id) ? ", copies" : "";
        text.append(graph.node(id).name()).append(" in ").append(whole).append(copies).append("\n");
      }
    }
    return text.toString();
  }

  @Test
  void branchesOfWholeBlocksLieInTheResult() {
    assertEquals(
        """
        a in all+0
        b in all+32
        c in all+48
        all in all+0
        """,
        parts(concat("all", conv("a", 32), conv("b", 16), conv("c", 5))));
  }

  @Test
  void aDenseBlockIsOneValue() {
    int first = concat("first", conv("a", 16), conv("b", 32));
    int second = concat("second", first, conv("c", 32));
    int third = concat("third", second, conv("d", 32));
    assertEquals(
        """
        a in third+0
        b in third+16
        first in third+0
        c in third+48
        second in third+0
        d in third+80
        third in third+0
        """,
        parts(third));
  }

  @Test
  void theBeginningOfAnotherConcatenationLiesInIt() {
    int a = conv("a", 16);
    int b = conv("b", 16);
    int c = conv("c", 16);
    int both = concat("both", a, b);
    int tail = concat("tail", b, c);
    assertEquals(
        """
        a in all+0
        b in all+16
        c in all+32
        both in all+0
        tail in all+16
        all in all+0
        """,
        parts(both, tail, concat("all", a, b, c)));
  }

  @Test
  void whatSharesABlockIsCopied() {
    assertEquals(
        """
        a in all+0
        all in all+0, copies
        """,
        parts(concat("all", conv("a", 16), conv("b", 20), conv("c", 16))));
  }

  @Test
  void whatIsRepeatedOrLiesElsewhereIsCopied() {
    int a = conv("a", 16);
    int b = conv("b", 16);
    int repeated = concat("repeated", a, a);
    int swapped = concat("swapped", b, a);
    assertEquals(
        """
        in:blocked in last+0
        a in last+16
        b in last+32
        repeated in repeated+0, copies
        swapped in swapped+0, copies
        last in last+0
        """,
        parts(repeated, swapped, concat("last", in, a, b)));
  }

  @Test
  void plainValuesStayWhereTheyAre() {
    int both = concat("both", conv("a", 16), conv("b", 16));
    Graph graph = builder.build(List.of(both));
    assertEquals(Layout.PLAIN, graph.node(both).layout());
    assertEquals(PartsInPlace.none(graph), PartsInPlace.of(graph));
  }
}
