package dev.convoy.diagram;

import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Input;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pool2d;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes a laid-out diagram as SVG: a box has its name, what it computes and what it gives. */
final class SvgDrawing {
  private static final double MARGIN = 20;
  private static final double TITLE_HEIGHT = 30;
  private static final double BOX_HEIGHT = 48;
  private static final double LAYER_HEIGHT = 78;

  /** Of a letter of the text, whose size is 11. */
  private static final double LETTER = 6.3;

  private static final double BOLD_LETTER = 7.2;

  private static final double MIN_WIDTH = 70;
  private static final String STYLE =
      "text{font:11px Helvetica,Arial,sans-serif;text-anchor:middle;fill:#222}"
          + ".title{font-size:15px;text-anchor:start}.name{font-weight:bold}.shape{fill:#555}"
          + "rect{stroke:#667;stroke-width:1}path{fill:none;stroke:#889;stroke-width:1.3}"
          + ".dead{opacity:.45}";

  private final Diagram diagram;
  private final String title;
  private final List<Double> widths;
  private final LayeredLayout layout;
  private final double left;
  private final double width;

  SvgDrawing(Diagram diagram, String title) {
    this.diagram = diagram;
    this.title = title;
    this.widths = diagram.boxes().stream().map(SvgDrawing::width).toList();
    this.layout = new LayeredLayout(diagram, widths);
    List<LayeredLayout.Item> items = layout.routes().stream().flatMap(List::stream).toList();
    double first = edge(items, -1);
    double last = edge(items, 1);
    this.width = Math.max(last - first, title.length() * 8) + 2 * MARGIN;
    this.left = width / 2 - (first + last) / 2;
  }

  private double edge(List<LayeredLayout.Item> onArrows, int side) {
    double furthest = Double.NEGATIVE_INFINITY;
    for (int box = 0; box < widths.size(); box++) {
      furthest = Math.max(furthest, side * layout.item(box).x + layout.item(box).width / 2);
    }
    for (LayeredLayout.Item item : onArrows) {
      furthest = Math.max(furthest, side * item.x + item.width / 2);
    }
    return side * furthest;
  }

  private static double width(Diagram.Box box) {
    int letters = Math.max(box.work().length(), box.shape().toString().length());
    double text = Math.max(letters * LETTER, box.name().length() * BOLD_LETTER);
    return Math.max(MIN_WIDTH, text + 14);
  }

  private static double top(int layer) {
    return MARGIN + TITLE_HEIGHT + layer * LAYER_HEIGHT;
  }

  @Override
  public String toString() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      write(xml);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a string can always be written to", e);
    }
    return text.append('\n').toString();
  }

  private void write(XMLStreamWriter xml) throws XMLStreamException {
    double height = top(layout.layers() - 1) + BOX_HEIGHT + MARGIN;
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
    attributes(
        xml,
        "width",
        width,
        "height",
        height,
        "viewBox",
        "0 0 " + number(width) + " " + number(height));
    element(xml, "style", STYLE);
    xml.writeEmptyElement("rect");
    attributes(xml, "width", "100%", "height", "100%", "style", "fill:#fff;stroke:none");
    xml.writeStartElement("text");
    attributes(xml, "class", "title", "x", MARGIN, "y", MARGIN + 12);
    xml.writeCharacters(title);
    xml.writeEndElement();
    for (int i = 0; i < diagram.arrows().size(); i++) {
      xml.writeCharacters("\n");
      arrow(xml, diagram.arrows().get(i), layout.routes().get(i));
    }
    for (int i = 0; i < diagram.boxes().size(); i++) {
      xml.writeCharacters("\n");
      box(xml, i);
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
  }

  /** From the lower edge of a box, straight past the boxes of each layer, to an upper edge. */
  private void arrow(XMLStreamWriter xml, Diagram.Arrow arrow, List<LayeredLayout.Item> route)
      throws XMLStreamException {
    int layer = layout.layer(arrow.from());
    double x = left + route.get(0).x;
    double y = top(layer) + BOX_HEIGHT;
    StringBuilder path = new StringBuilder("M" + number(x) + " " + number(y));
    for (int i = 1; i < route.size(); i++) {
      double nextX = left + route.get(i).x;
      double nextY = top(layer + i);
      String middle = number((y + nextY) / 2);
      path.append("C" + number(x) + " " + middle + " " + number(nextX) + " " + middle + " ")
          .append(number(nextX) + " " + number(nextY));
      x = nextX;
      y = nextY;
      if (i < route.size() - 1) {
        y += BOX_HEIGHT;
        path.append("V" + number(y));
      }
    }
    path.append("m-3 -5l3 5l3 -5");
    xml.writeEmptyElement("path");
    attributes(xml, "d", path);
  }

  private void box(XMLStreamWriter xml, int index) throws XMLStreamException {
    Diagram.Box box = diagram.boxes().get(index);
    double x = left + layout.item(index).x;
    double y = top(layout.layer(index));
    xml.writeStartElement("g");
    if (!box.live()) {
      attributes(xml, "class", "dead");
    }
    element(xml, "title", box.name());
    xml.writeEmptyElement("rect");
    attributes(xml, "x", x - widths.get(index) / 2, "y", y, "width", widths.get(index));
    attributes(xml, "height", BOX_HEIGHT, "rx", 4, "fill", colour(box.ops().get(0)));
    line(xml, "name", x, y + 14, box.name());
    line(xml, "work", x, y + 28, box.work());
    line(xml, "shape", x, y + 42, box.shape().toString());
    xml.writeEndElement();
  }

  private static void line(XMLStreamWriter xml, String kind, double x, double y, String text)
      throws XMLStreamException {
    xml.writeStartElement("text");
    attributes(xml, "class", kind, "x", x, "y", y);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static void element(XMLStreamWriter xml, String name, String text)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  /** Names and values in turn. */
  private static void attributes(XMLStreamWriter xml, Object... pairs) throws XMLStreamException {
    for (int i = 0; i < pairs.length; i += 2) {
      Object value = pairs[i + 1];
      xml.writeAttribute(
          pairs[i].toString(), value instanceof Double d ? number(d) : value.toString());
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceAll("\\.0$", "");
  }

  private static String colour(Op op) {
    if (op instanceof Conv2d conv) {
      return conv.groups() == 1 ? "#cfe2f7" : "#bfe3ea";
    }
    if (op instanceof Linear) {
      return "#e3d5f3";
    }
    if (op instanceof Pool2d || op instanceof AdaptivePool2d) {
      return "#fbe3c4";
    }
    if (op instanceof Add || op instanceof Concat || op instanceof Multiply) {
      return "#d6efcf";
    }
    return op instanceof Input ? "#fff7c9" : "#ececec";
  }
}
