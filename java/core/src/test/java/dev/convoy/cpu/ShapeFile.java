package dev.convoy.cpu;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The convolutions of {@code bench/shapes}; {@code odd.txt} says what its words mean. */
final class ShapeFile {
  private static final Pattern WORD = Pattern.compile("([a-z]+)(\\d+)");

  /** One line. */
  record Named(String name, Conv2d op, Shape input) {
    long macs() {
      return op.macs(List.of(input), op.infer(List.of(input)));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private ShapeFile() {}

  static List<Named> read(String file) {
    Path path = Path.of(System.getProperty("convoy.root"), "bench", "shapes", file);
    try {
      return Files.readAllLines(path).stream()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(ShapeFile::parse)
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Named parse(String line) {
    String[] words = line.split("\\s+", -1);
    Map<String, Integer> n = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      Matcher word = WORD.matcher(words[i]);
      if (word.matches()) {
        n.put(word.group(1), Integer.parseInt(word.group(2)));
      }
    }
    int kh = n.getOrDefault("kh", 1);
    int sh = n.getOrDefault("sh", 1);
    int dh = n.getOrDefault("dh", 1);
    int ph = n.getOrDefault("ph", 0);
    int pw = n.getOrDefault("pw", ph);
    Window window =
        Window.of(kh, n.getOrDefault("kw", kh))
            .stride(sh, n.getOrDefault("sw", sh))
            .dilation(dh, n.getOrDefault("dw", dh))
            .padding(ph, pw, n.getOrDefault("pb", ph), n.getOrDefault("pr", pw));
    int ih = n.getOrDefault("ih", 1);
    return new Named(
        words[0],
        Conv2d.of(n.getOrDefault("oc", 1), window).groups(n.getOrDefault("g", 1)),
        Shape.chw(n.getOrDefault("ic", 1), ih, n.getOrDefault("iw", ih)));
  }
}
