package dev.convoy.weights;

import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A tensor in a file, not yet read: where its bytes are and how its elements lie in them. Element
 * (i, j, …) is number {@code offset + i * strides[0] + j * strides[1] + …} of the storage.
 *
 * <p>Made by {@link #checked} and {@link #dense}, so every element lies inside the storage and the
 * whole fits in one array.
 */
record TensorView(
    ElementType type,
    ByteRange storage,
    ByteOrder order,
    long offset,
    List<Long> dims,
    List<Long> strides) {

  private static final int MAX_RANK = 64;
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;
  // Small enough to stay in the second-level cache and below malloc's threshold for mapping.
  private static final int CHUNK_BYTES = 1 << 16;

  /** A view that is known to be sound; {@code what} names the tensor in messages. */
  static TensorView checked(
      String what,
      ElementType type,
      ByteRange storage,
      ByteOrder order,
      long offset,
      List<Long> dims,
      List<Long> strides)
      throws FormatException {
    TensorView view = new TensorView(type, storage, order, offset, dims, strides);
    checkShape(what, dims);
    if (strides.size() != dims.size() || strides.stream().anyMatch(s -> s < 0) || offset < 0) {
      throw FormatException.damaged(
          what
              + ": shape "
              + dims
              + ", strides "
              + strides
              + " and offset "
              + offset
              + " must be of equal length and not negative");
    }
    if (view.elements() > 0) {
      long available = storage.length() / type.bytes();
      long last;
      try {
        last = view.last();
      } catch (ArithmeticException e) {
        last = Long.MAX_VALUE;
      }
      if (last >= available) {
        throw FormatException.damaged(
            what
                + ": shape "
                + dims
                + " with strides "
                + strides
                + " and offset "
                + offset
                + " reaches past its storage of "
                + available
                + " elements");
      }
    }
    return view;
  }

  /** A row-major view that takes up its whole storage. */
  static TensorView dense(
      String what, ElementType type, ByteRange storage, ByteOrder order, List<Long> dims)
      throws FormatException {
    TensorView view = new TensorView(type, storage, order, 0, dims, rowMajor(dims));
    checkShape(what, dims);
    if (view.elements() * type.bytes() != storage.length()) {
      throw FormatException.damaged(
          "%s: shape %s of %s takes %d bytes, it has %d"
              .formatted(
                  what, dims, type.dtype(), view.elements() * type.bytes(), storage.length()));
    }
    return view;
  }

  private static void checkShape(String what, List<Long> dims) throws FormatException {
    if (dims.size() > MAX_RANK) {
      throw FormatException.damaged(
          what + ": " + dims.size() + " dimensions, at most " + MAX_RANK + " are possible");
    }
    boolean empty = dims.contains(0L);
    long elements = 1;
    for (long d : dims) {
      if (d < 0) {
        throw FormatException.damaged(what + ": shape " + dims + " has a negative dimension");
      }
      if (d > MAX_ELEMENTS || (!empty && (elements *= d) > MAX_ELEMENTS)) {
        throw new FormatException(
            what + ": shape " + dims + " has more than " + MAX_ELEMENTS + " elements",
            "one tensor must fit in one Java array; if this is no such giant, "
                + FormatException.DAMAGED);
      }
    }
  }

  long elements() {
    long elements = 1;
    for (long d : dims) {
      elements *= d;
    }
    return elements;
  }

  Shape shape() {
    int[] sizes = new int[dims.size()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = dims.get(axis).intValue();
    }
    return Shape.possiblyEmpty(sizes);
  }

  /** The number in the storage of the last element. */
  private long last() {
    long last = offset;
    for (int i = 0; i < dims.size(); i++) {
      last = Math.addExact(last, Math.multiplyExact(dims.get(i) - 1, strides.get(i)));
    }
    return last;
  }

  private boolean isRowMajor() {
    List<Long> expected = rowMajor(dims);
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i) != 1 && !strides.get(i).equals(expected.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Long> rowMajor(List<Long> dims) {
    Long[] strides = new Long[dims.size()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(dims.get(i), 1);
    }
    return List.of(strides);
  }

  /** Reads and converts; {@code what} names the tensor in messages. */
  float[] read(String what) throws IOException {
    float[] values = allocate(what, elements());
    read(what, FloatBuffer.wrap(values));
    return values;
  }

  /** The same into a buffer, from its position on. */
  void read(String what, FloatBuffer into) throws IOException {
    long count = elements();
    if (count == 0) {
      return;
    }
    if (isRowMajor()) {
      readRun(what, into, (int) count);
      return;
    }
    long span = last() - offset + 1;
    if (span > MAX_ELEMENTS) {
      throw new FormatException(
          what + ": its elements are spread over " + span + " places of its storage",
          "save tensor.contiguous() instead");
    }
    float[] run = allocate(what, span);
    readRun(what, FloatBuffer.wrap(run), run.length);
    gather(run, into);
  }

  private void readRun(String what, FloatBuffer into, int count) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, (long) count * type.bytes())];
    int perChunk = chunk.length / type.bytes();
    try (InputStream in = storage.open(offset * type.bytes())) {
      int n;
      for (int at = 0; at < count; at += n) {
        n = Math.min(perChunk, count - at);
        int wanted = n * type.bytes();
        int got = in.readNBytes(chunk, 0, wanted);
        if (got < wanted) {
          throw FormatException.damaged(
              what + ": the file ends " + (wanted - got) + " bytes or more before its data does");
        }
        type.decode(ByteBuffer.wrap(chunk, 0, wanted).order(order), into, n);
      }
    }
  }

  private void gather(float[] from, FloatBuffer to) {
    int rank = dims.size();
    int inner = rank - 1;
    int[] index = new int[rank];
    int n = dims.get(inner).intValue();
    // A stride may be any number where the dimension is 1; it is then never used.
    int step = n == 1 ? 0 : strides.get(inner).intValue();
    int base = 0;
    for (long left = elements(); left > 0; left -= n) {
      for (int j = 0; j < n; j++) {
        to.put(from[base + j * step]);
      }
      for (int axis = inner - 1; axis >= 0; axis--) {
        int stride = dims.get(axis) == 1 ? 0 : strides.get(axis).intValue();
        base += stride;
        if (++index[axis] < dims.get(axis)) {
          break;
        }
        base -= index[axis] * stride;
        index[axis] = 0;
      }
    }
  }

  private static float[] allocate(String what, long count) throws FormatException {
    try {
      return new float[(int) count];
    } catch (OutOfMemoryError e) {
      throw new FormatException(
          what + ": no room on the Java heap for its " + count + " floats",
          "start Java with a larger heap (-Xmx)");
    }
  }
}
