package dev.convoy.bench;

import dev.convoy.FileFailure;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.Window;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One convolution as a line of {@code bench/shapes} has it; {@link #FORMAT} says how.
 *
 * @param name of the first layer of this shape
 * @param input channels, height, width
 * @param conv without bias, residual and activation
 * @param times how often the network has it
 * @param plain whether it reads the network's input, which is not blocked
 */
record ConvShape(String name, Shape input, Conv2d conv, int times, boolean plain) {
  /** What stands at the top of every file. */
  static final String FORMAT =
      """
      # One convolution a line: its name, then what is not the default.
      #   ic ih iw   input channels, height, width (iw: as ih)      oc        output channels
      #   kh kw      kernel (1; kw: as kh)                          sh sw     stride (1; sw: as sh)
      #   ph pw      padding on both sides (0; pw: as ph)           pb pr     padding below and right (as ph, pw)
      #   dh dw      dilation (1; dw: as dh)                        g         groups (1)
      #   x          how often the network has it (1)               plain     the input is PLAIN, not BLOCKED16
      """;

  private static final Pattern NUMBER = Pattern.compile("([a-z]+)([0-9]{1,9})");

  /** The convolutions that the outputs depend on, each shape once, in order of first use. */
  static List<ConvShape> of(Graph graph) {
    Map<ConvShape, ConvShape> shapes = new LinkedHashMap<>();
    BitSet live = graph.live();
    for (int id = live.nextSetBit(0); id >= 0; id = live.nextSetBit(id + 1)) {
      Node node = graph.node(id);
      if (node.op() instanceof Conv2d conv) {
        Node input = graph.node(node.inputs().get(0));
        Conv2d bare = Conv2d.of(conv.outChannels(), conv.window()).groups(conv.groups()).noBias();
        ConvShape nameless = new ConvShape("", input.shape(), bare, 1, input.op() instanceof Input);
        shapes.merge(
            nameless,
            nameless.named(node.name(), 1),
            (first, more) -> first.named(first.name, first.times + 1));
      }
    }
    return List.copyOf(shapes.values());
  }

  /** The convolution alone, with bias and ReLU. */
  Network network() {
    return Network.of(input, net -> net.conv(LayerRunner.LAYER, conv.withBias(true)).relu());
  }

  private ConvShape named(String newName, int newTimes) {
    return new ConvShape(newName, input, conv, newTimes, plain);
  }

  /**
   * The shapes of a file.
   *
   * @throws BenchException naming the line that is wrong
   */
  static List<ConvShape> read(Path file) {
    List<ConvShape> shapes = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          shapes.add(parse(line));
        }
      }
    } catch (IOException e) {
      throw new BenchException("the shapes in " + file + ": " + FileFailure.reading(e), e);
    } catch (IllegalArgumentException | ShapeException e) {
      throw new BenchException(file + ": " + e.getMessage(), e);
    }
    return shapes;
  }

  static ConvShape parse(String line) {
    String[] words = line.strip().split("\\s+", -1);
    Map<String, Integer> numbers = new HashMap<>();
    boolean plain = false;
    for (int i = 1; i < words.length; i++) {
      Matcher number = NUMBER.matcher(words[i]);
      if (words[i].equals("plain")) {
        plain = true;
      } else if (number.matches() && KEYS.contains(number.group(1))) {
        numbers.put(number.group(1), Integer.valueOf(number.group(2)));
      } else {
        throw new IllegalArgumentException("shape " + words[0] + ": what is " + words[i] + "?");
      }
    }
    int ic = numbers.getOrDefault("ic", 1);
    int ih = numbers.getOrDefault("ih", 1);
    int kh = numbers.getOrDefault("kh", 1);
    int sh = numbers.getOrDefault("sh", 1);
    int dh = numbers.getOrDefault("dh", 1);
    int ph = numbers.getOrDefault("ph", 0);
    int pw = numbers.getOrDefault("pw", ph);
    Window window =
        new Window(
            kh,
            numbers.getOrDefault("kw", kh),
            sh,
            numbers.getOrDefault("sw", sh),
            dh,
            numbers.getOrDefault("dw", dh),
            ph,
            pw,
            numbers.getOrDefault("pb", ph),
            numbers.getOrDefault("pr", pw));
    return new ConvShape(
        words[0],
        Shape.chw(ic, ih, numbers.getOrDefault("iw", ih)),
        Conv2d.of(numbers.getOrDefault("oc", 1), window)
            .groups(numbers.getOrDefault("g", 1))
            .noBias(),
        numbers.getOrDefault("x", 1),
        plain);
  }

  private static final List<String> KEYS =
      List.of(
          "ic", "ih", "iw", "oc", "g", "kh", "kw", "sh", "sw", "dh", "dw", "ph", "pw", "pb", "pr",
          "x");

  /** The line, such as {@code conv1 ic3 ih224 oc64 kh7 sh2 ph3 plain}. */
  String line() {
    Window w = conv.window();
    StringBuilder line = new StringBuilder(name);
    word(line, "ic", input.channels(), 0);
    word(line, "ih", input.height(), 0);
    word(line, "iw", input.width(), input.height());
    word(line, "oc", conv.outChannels(), 0);
    word(line, "g", conv.groups(), 1);
    word(line, "kh", w.kernelH(), 1);
    word(line, "kw", w.kernelW(), w.kernelH());
    word(line, "sh", w.strideH(), 1);
    word(line, "sw", w.strideW(), w.strideH());
    word(line, "dh", w.dilationH(), 1);
    word(line, "dw", w.dilationW(), w.dilationH());
    word(line, "ph", w.top(), 0);
    word(line, "pw", w.left(), w.top());
    word(line, "pb", w.bottom(), w.top());
    word(line, "pr", w.right(), w.left());
    word(line, "x", times, 1);
    return line.append(plain ? " plain" : "").toString();
  }

  private static void word(StringBuilder line, String key, int value, int unsaid) {
    if (value != unsaid) {
      line.append(' ').append(key).append(value);
    }
  }
}
