package dev.convoy.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.diagram.Diagram.Arrow;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class DiagramTest {
  private static Graph graph(UnaryOperator<Net> layers) {
    return Network.of(Shape.chw(4, 8, 8), layers).graph();
  }

  private static Graph residual() {
    return graph(
        net -> {
          Net stem = net.conv("stem", 4, 1).batchNorm("bn").relu();
          return stem.conv("a", Conv2d.of(4, 3).padding(1))
              .relu()
              .conv("b", Conv2d.of(4, 3).padding(1))
              .add(stem)
              .flatten()
              .linear("fc", 5)
              .softmax();
        });
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void whatOnlyChangesNumbersStandsInTheBoxBeforeIt() {
    Diagram diagram = Diagram.of(residual());
    assertEquals(
        List.of("input", "stem", "a", "b", "add", "fc"),
        diagram.boxes().stream().map(Diagram.Box::name).toList());
    assertEquals("conv2d 4 1x1 bias + batch-norm + relu", diagram.boxes().get(1).work());
    assertEquals("add + flatten", diagram.boxes().get(4).work());
    assertEquals(
        List.of(
            new Arrow(0, 1),
            new Arrow(1, 2),
            new Arrow(2, 3),
            new Arrow(3, 4),
            new Arrow(1, 4),
            new Arrow(4, 5)),
        diagram.arrows());
  }

  @Test
  void aValueThatIsReadElsewhereKeepsItsBox() {
    Diagram diagram =
        Diagram.of(
            graph(
                net -> {
                  Net conv = net.conv("c", 4, 1);
                  return conv.relu().add(conv);
                }));
    assertEquals(
        List.of("input", "c", "relu", "add"),
        diagram.boxes().stream().map(Diagram.Box::name).toList());
  }

  @Test
  void svgIsWellFormedAndShowsEveryBoxAndArrow() throws Exception {
    Diagram diagram = Diagram.of(residual());
    Document svg = parse(diagram.svg("a <b> & \"c\""));
    assertEquals("svg", svg.getDocumentElement().getTagName());
    assertEquals(6, svg.getElementsByTagName("g").getLength());
    assertEquals(6, svg.getElementsByTagName("path").getLength());
    String text = svg.getDocumentElement().getTextContent();
    assertTrue(text.contains("a <b> & \"c\""), text);
    for (Diagram.Box box : diagram.boxes()) {
      assertTrue(text.contains(box.name()) && text.contains(box.work()), text);
      assertTrue(text.contains(box.shape().toString()), text);
    }
  }

  @Test
  void boxesLieInThePictureAndApart() throws Exception {
    Graph branches =
        graph(
            net -> {
              List<Net> ends = new ArrayList<>();
              for (int i = 0; i < 7; i++) {
                Net end = net.conv("branch" + i, 3, 1);
                ends.add(i % 2 == 0 ? end : end.conv("more" + i, 3, 1));
              }
              return net.concat("joined", ends.toArray(Net[]::new));
            });
    Document svg = parse(Diagram.of(branches).svg("branches"));
    double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
    NodeList groups = svg.getElementsByTagName("g");
    List<double[]> boxes = new ArrayList<>();
    for (int i = 0; i < groups.getLength(); i++) {
      Element rect = (Element) ((Element) groups.item(i)).getElementsByTagName("rect").item(0);
      double x = Double.parseDouble(rect.getAttribute("x"));
      double y = Double.parseDouble(rect.getAttribute("y"));
      double end = x + Double.parseDouble(rect.getAttribute("width"));
      assertTrue(x >= 0 && end <= width, x + " to " + end + " of " + width);
      for (double[] other : boxes) {
        assertTrue(y != other[2] || end < other[0] || x > other[1], "boxes overlap");
      }
      boxes.add(new double[] {x, end, y});
    }
    assertEquals(12, boxes.size());
  }

  @Test
  void aNetworkWithoutLayersIsOneBox() throws Exception {
    Document svg = parse(Diagram.of(graph(net -> net)).svg("nothing"));
    assertEquals(1, svg.getElementsByTagName("g").getLength());
    assertTrue(!svg.getDocumentElement().getAttribute("width").contains("NaN"));
  }

  @Test
  void aStraightNetworkIsDrawnStraight() {
    Diagram diagram = Diagram.of(graph(net -> net.conv("a", 4, 1).conv("long_name", 4, 1)));
    LayeredLayout layout = new LayeredLayout(diagram, List.of(70.0, 90.0, 200.0));
    assertEquals(3, layout.layers());
    assertEquals(layout.item(0).x, layout.item(1).x, 1e-9);
    assertEquals(layout.item(0).x, layout.item(2).x, 1e-9);
  }

  @Test
  void crossingsThatNeedNotBeAreUndone() {
    // Two values read in the reverse order of their making.
    Diagram diagram =
        Diagram.of(
            graph(
                net -> {
                  Net a = net.conv("a", 4, 1);
                  Net b = net.conv("b", 4, 1);
                  Net afterB = b.conv("after_b", 4, 1);
                  Net afterA = a.conv("after_a", 4, 1);
                  return afterB.add(afterA);
                }));
    LayeredLayout layout =
        new LayeredLayout(diagram, diagram.boxes().stream().map(box -> 80.0).toList());
    boolean aLeft = layout.item(1).x < layout.item(2).x;
    assertEquals(aLeft, layout.item(4).x < layout.item(3).x, "box 4 follows box 1, box 3 box 2");
  }
}
