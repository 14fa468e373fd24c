package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: the header's length as uint64, the header as JSON, the tensors' bytes,
 * all little-endian. The tensors cover the bytes without gap or overlap.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">safetensors</a>
 */
final class Safetensors {
  /** The format's own limit. */
  static final long MAX_HEADER = 100_000_000;

  static final String METADATA = "__metadata__";

  private static final int MAX_TENSORS = 200_000;

  private final ByteRange data;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, TensorView> tensors = new LinkedHashMap<>();
  private final List<Extent> extents = new ArrayList<>();

  private Safetensors(ByteRange data) {
    this.data = data;
  }

  private record Extent(String key, long begin, long end) implements Comparable<Extent> {
    @Override
    public int compareTo(Extent other) {
      return begin != other.begin ? Long.compare(begin, other.begin) : Long.compare(end, other.end);
    }
  }

  /** True where the first bytes look like a header, sound or not. */
  static boolean recognises(byte[] head) {
    return head.length > Long.BYTES && head[Long.BYTES] == '{';
  }

  static Checkpoint read(ByteRange file) throws IOException {
    long headerBytes =
        ByteBuffer.wrap(file.head(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long available = file.length() - Long.BYTES;
    if (headerBytes < 2 || headerBytes > Math.min(available, MAX_HEADER)) {
      throw FormatException.damaged(
          "the header is said to be "
              + Long.toUnsignedString(headerBytes)
              + " bytes long, the file has "
              + available
              + " behind that number and "
              + MAX_HEADER
              + " is the limit");
    }
    long start = Long.BYTES + headerBytes;
    Safetensors reader = new Safetensors(file.slice(start, file.length() - start));
    byte[] header = file.slice(Long.BYTES, headerBytes).head((int) headerBytes);
    reader.header(new HeaderJson(header));
    reader.checkCoverage();
    return new Checkpoint(
        WeightFile.Format.SAFETENSORS,
        reader.tensors,
        Map.copyOf(reader.metadata),
        "",
        file.length());
  }

  private void header(HeaderJson json) throws FormatException {
    json.beginObject("the header");
    boolean described = false;
    for (boolean first = true; json.hasNext('}', first); first = false) {
      String key = json.name();
      if (!key.equals(METADATA)) {
        tensor(json, key);
      } else if (described) {
        throw twice(key);
      } else {
        described = true;
        metadata(json);
      }
    }
    json.end();
  }

  private void metadata(HeaderJson json) throws FormatException {
    json.beginObject("the metadata");
    for (boolean first = true; json.hasNext('}', first); first = false) {
      String key = json.name();
      if (metadata.put(key, json.string("the metadata's entry " + quote(key))) != null) {
        throw twice(key);
      }
    }
  }

  private static FormatException twice(String key) {
    return FormatException.damaged("the header has " + quote(key) + " twice");
  }

  private void tensor(HeaderJson json, String key) throws FormatException {
    String what = "tensor " + quote(key);
    json.beginObject(what);
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    for (boolean first = true; json.hasNext('}', first); first = false) {
      String field = json.name();
      boolean again;
      switch (field) {
        case "dtype" -> {
          again = dtype != null;
          dtype = json.string(what + ": dtype");
        }
        case "shape" -> {
          again = shape != null;
          shape = integers(json, what + ": shape");
        }
        case "data_offsets" -> {
          again = offsets != null;
          offsets = integers(json, what + ": data_offsets");
        }
        default -> throw FormatException.damaged(what + " has the unknown field " + quote(field));
      }
      if (again) {
        throw twice(field);
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw FormatException.damaged(what + " lacks dtype, shape or data_offsets");
    }
    add(key, what, type(what, dtype), shape, offsets);
  }

  private void add(String key, String what, ElementType type, List<Long> shape, List<Long> offsets)
      throws FormatException {
    if (offsets.size() != 2
        || offsets.get(0) < 0
        || offsets.get(1) < offsets.get(0)
        || offsets.get(1) > data.length()) {
      throw FormatException.damaged(
          what
              + ": data_offsets "
              + offsets
              + " must be [begin, end] inside the "
              + data.length()
              + " bytes of data");
    }
    Extent extent = new Extent(key, offsets.get(0), offsets.get(1));
    ByteRange bytes = data.slice(extent.begin(), extent.end() - extent.begin());
    TensorView view = TensorView.dense(what, type, bytes, ByteOrder.LITTLE_ENDIAN, shape);
    if (tensors.put(key, view) != null || tensors.size() > MAX_TENSORS) {
      throw FormatException.damaged(
          what + " is there twice, or more than " + MAX_TENSORS + " tensors are");
    }
    extents.add(extent);
  }

  private static ElementType type(String what, String dtype) throws FormatException {
    ElementType type = ElementType.ofSafetensors(dtype).orElse(null);
    if (type == null) {
      throw new FormatException(
          what + ": the dtype " + quote(dtype) + " is not supported",
          "save it as one of " + ElementType.all());
    }
    return type;
  }

  private static List<Long> integers(HeaderJson json, String what) throws FormatException {
    List<Long> integers = new ArrayList<>();
    json.beginArray(what);
    for (boolean first = true; json.hasNext(']', first); first = false) {
      integers.add(json.integer(what));
    }
    return List.copyOf(integers);
  }

  private void checkCoverage() throws FormatException {
    Collections.sort(extents);
    long covered = 0;
    String before = "the start";
    for (Extent extent : extents) {
      if (extent.begin() != covered) {
        throw FormatException.damaged(
            "tensor %s begins at byte %d of the data, %s ends at %d: they must not %s"
                .formatted(
                    quote(extent.key()),
                    extent.begin(),
                    before,
                    covered,
                    extent.begin() < covered ? "overlap" : "leave a gap"));
      }
      covered = extent.end();
      before = "tensor " + quote(extent.key());
    }
    if (covered != data.length()) {
      throw FormatException.damaged(
          "the tensors cover " + covered + " of " + data.length() + " bytes of data");
    }
  }
}
