package dev.convoy.verify;

import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Bits of numbers made from a name: whether the filler that all other cases rest on is right.
 *
 * @param hash FNV-1a of the name, hexadecimal
 * @param first the first values as hexadecimal float32 bits
 * @param last the last ones
 */
record VectorCase(
    String id,
    String kind,
    String name,
    Shape shape,
    double gain,
    String hash,
    Optional<String> bound,
    List<String> first,
    List<String> last)
    implements GoldenCase {

  static VectorCase read(JsonTree json) {
    String kind = json.get("kind").text();
    if (!List.of("signed", "unit", "param").contains(kind)) {
      throw json.get("kind").wrong("signed, unit or param");
    }
    String name = json.get("name").text();
    Shape shape = json.get("shape").shape();
    List<String> first = json.get("first8").texts();
    List<String> last = json.get("last2").texts();
    if (Math.max(first.size(), last.size()) > shape.size()) {
      throw json.get("shape").wrong("a shape of at least as many elements as are listed");
    }
    return new VectorCase(
        kind + " " + name,
        kind,
        name,
        shape,
        json.find("gain").map(JsonTree::number).orElse(1.0),
        json.get("fnv1a64").text(),
        json.find("bound").map(JsonTree::text),
        first,
        last);
  }

  @Override
  public CaseResult compare(Subject subject) {
    float[] values =
        switch (kind) {
          case "signed" -> GoldenNumbers.signed(name, shape.intSize());
          case "unit" -> GoldenNumbers.unit(name, shape.intSize());
          default -> GoldenNumbers.parameter(name, shape, gain).values();
        };
    Comparison comparison = new Comparison();
    comparison.same("fnv1a64", hash, hex(GoldenNumbers.fnv1a64(name), 16));
    bound.ifPresent(bits -> comparison.same("bound", bits, bits(GoldenNumbers.bound(shape, gain))));
    comparison.same("first values", first, bits(values, 0, first.size()));
    comparison.same("last values", last, bits(values, values.length - last.size(), values.length));
    return comparison.result(id);
  }

  private static List<String> bits(float[] values, int from, int to) {
    float[] part = Arrays.copyOfRange(values, from, to);
    String[] bits = new String[part.length];
    for (int i = 0; i < part.length; i++) {
      bits[i] = bits(part[i]);
    }
    return List.of(bits);
  }

  private static String bits(float value) {
    return hex(Float.floatToRawIntBits(value) & 0xFFFF_FFFFL, 8);
  }

  private static String hex(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "x", value);
  }
}
