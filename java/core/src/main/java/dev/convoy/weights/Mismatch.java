package dev.convoy.weights;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Parameter;
import dev.convoy.tensor.Shape;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All the ways in which weights do not fit a network, each sorted by key.
 *
 * @param missing what the network's results need and the weights lack
 * @param unexpected what the weights have and the network does not know
 * @param misshaped what the results need and the weights have in another shape
 */
record Mismatch(
    SortedMap<String, Shape> missing,
    SortedMap<String, Shape> unexpected,
    SortedMap<String, Shapes> misshaped) {

  private static final int KEYS_TRIED = 8;
  private static final int KEYS_SHOWN = 10;

  record Shapes(Shape expected, Shape given) {
    /** True where only the outermost dimension differs, as it does for another class count. */
    boolean differOutside() {
      int[] e = expected.toArray();
      int[] g = given.toArray();
      return e.length == g.length && e.length > 0 && Arrays.equals(e, 1, e.length, g, 1, g.length);
    }
  }

  static Mismatch between(Graph graph, Map<String, Shape> given) {
    Mismatch mismatch = new Mismatch(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    Map<String, Parameter.Stored> needed = graph.liveParameters();
    needed.forEach(
        (key, parameter) -> {
          Shape shape = given.get(key);
          if (shape == null) {
            mismatch.missing.put(key, parameter.shape());
          } else if (!shape.equals(parameter.shape())) {
            mismatch.misshaped.put(key, new Shapes(parameter.shape(), shape));
          }
        });
    Map<String, Parameter.Stored> known = graph.storedParameters();
    given.forEach(
        (key, shape) -> {
          if (!known.containsKey(key) && !Weights.isCounter(key)) {
            mismatch.unexpected.put(key, shape);
          }
        });
    return mismatch;
  }

  boolean isEmpty() {
    return missing.isEmpty() && unexpected.isEmpty() && misshaped.isEmpty();
  }

  /**
   * What is wrong, then the cure, then the keys, cut short where they are many.
   *
   * @param known a cure of somebody who knows more about the weights; empty: what the keys tell
   */
  String report(String source, Optional<String> known) {
    StringBuilder text =
        new StringBuilder(
            "%s: the weights do not fit the network: %d missing, %d unexpected, %d of another shape\n%s"
                .formatted(
                    source,
                    missing.size(),
                    unexpected.size(),
                    misshaped.size(),
                    known.orElseGet(this::cure)));
    list(text, "missing", missing, shape -> "expected " + shape);
    list(text, "unexpected", unexpected, shape -> "given " + shape);
    list(
        text,
        "shape",
        misshaped,
        shapes -> "expected " + shapes.expected() + ", given " + shapes.given());
    return text.toString();
  }

  private static <T> void list(
      StringBuilder text, String title, SortedMap<String, T> keys, Function<T, String> words) {
    String row = "\n  %-10s  ".formatted(title);
    keys.entrySet().stream()
        .limit(KEYS_SHOWN)
        .forEach(
            entry ->
                text.append(row)
                    .append(FormatException.shortened(entry.getKey()))
                    .append(": ")
                    .append(words.apply(entry.getValue())));
    if (keys.size() > KEYS_SHOWN) {
      text.append(row).append("… and ").append(keys.size() - KEYS_SHOWN).append(" more");
    }
  }

  private String cure() {
    return lostPrefix(missing.keySet(), unexpected.keySet())
        .map(
            prefix ->
                "Did you mean the keys without '%s'? Load with renamed(key -> key.substring(%d))"
                    .formatted(prefix, prefix.length()))
        .or(
            () ->
                lostPrefix(unexpected.keySet(), missing.keySet())
                    .map(
                        prefix ->
                            "Did you mean the keys behind '%1$s'? Load with renamed(key -> \"%1$s\" + key)"
                                .formatted(prefix)))
        .or(this::classCount)
        .orElse("Give the weights of this network, or build the network that the weights are of");
  }

  /** What stands before most of {@code plain} in {@code prefixed}. */
  private static Optional<String> lostPrefix(Set<String> plain, Set<String> prefixed) {
    return plain.stream()
        .limit(KEYS_TRIED)
        .flatMap(
            key -> prefixed.stream().filter(other -> other.endsWith(key)).map(o -> before(o, key)))
        .distinct()
        .filter(prefix -> !prefix.isEmpty())
        .filter(prefix -> countPrefixed(prefix, plain, prefixed) * 2 > plain.size())
        .findFirst();
  }

  private static String before(String longer, String suffix) {
    return longer.substring(0, longer.length() - suffix.length());
  }

  private static long countPrefixed(String prefix, Collection<String> plain, Set<String> prefixed) {
    return plain.stream().filter(key -> prefixed.contains(prefix + key)).count();
  }

  private Optional<String> classCount() {
    List<List<Integer>> counts =
        misshaped.values().stream()
            .filter(Shapes::differOutside)
            .map(s -> List.of(s.given().dim(0), s.expected().dim(0)))
            .distinct()
            .collect(Collectors.toList());
    if (counts.size() != 1 || !misshaped.values().stream().allMatch(Shapes::differOutside)) {
      return Optional.empty();
    }
    return Optional.of(
        "The weights are for %d classes, the network has %d: build the network with %1$d classes"
            .formatted(counts.get(0).get(0), counts.get(0).get(1)));
  }
}
