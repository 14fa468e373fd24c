package dev.convoy.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Unpickler} makes of Python objects that Java has no plain value for. Strings,
 * integers (Long, or BigInteger beyond), floats and booleans are Java's own.
 *
 * <p>Containers compare by identity: a pickle may put a list into itself, so nothing here ever
 * walks into its parts.
 */
sealed interface Pickled {

  /** {@code None}. */
  enum None implements Pickled {
    NONE
  }

  /** A value that loads but is of no use to weights: bytes, a device, a layout. */
  record Opaque(String what) implements Pickled {}

  /** The name of an allowed class or function. */
  record Global(String module, String name) implements Pickled {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /** A list, tuple or set. */
  final class Sequence implements Pickled {
    private final List<Object> items;
    private final boolean growing;

    private Sequence(List<Object> items, boolean growing) {
      this.items = items;
      this.growing = growing;
    }

    static Sequence list(List<Object> items) {
      return new Sequence(new ArrayList<>(items), true);
    }

    static Sequence tuple(List<Object> items) {
      return new Sequence(List.copyOf(items), false);
    }

    List<Object> items() {
      return items;
    }

    boolean isTuple() {
      return !growing;
    }
  }

  /** A dict or OrderedDict. */
  final class Dict implements Pickled {
    private @Nullable Map<Object, Object> entries;

    /** The entries, in order of insertion. Made late: pickles are full of empty dicts. */
    Map<Object, Object> entries() {
      return entries == null ? Map.of() : entries;
    }

    void put(Object key, Object value) {
      if (entries == null) {
        entries = new LinkedHashMap<>();
      }
      entries.put(key, value);
    }
  }

  /**
   * The bytes behind one or more tensors, as a pickle names them.
   *
   * @param key its name in the container
   * @param type of its elements; bytes for an untyped storage
   * @param count of its elements
   * @param part the elements of it that are meant, where a legacy file names a view of it
   */
  record Storage(String key, ElementType type, long count, @Nullable Part part) implements Pickled {
    /** A run of elements. */
    record Part(long offset, long count) {}

    /** As many as the container must hold. */
    long bytes() {
      return count * type.bytes();
    }
  }

  /** A tensor over a storage whose bytes are not located yet. */
  record TensorRef(
      Storage storage, ElementType type, long offset, List<Long> dims, List<Long> strides)
      implements Pickled {}
}
