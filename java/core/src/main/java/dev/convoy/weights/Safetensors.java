package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import dev.convoy.JsonFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

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
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

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
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), header)) {
      reader.header(json);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw FormatException.damaged(
          "the header is not sound JSON at byte "
              + (Long.BYTES
                  + Math.max(e.getLocation() == null ? 0 : e.getLocation().getByteOffset(), 0))
              + ": "
              + quote(JsonFailure.reason(e)));
    }
    reader.checkCoverage();
    return new Checkpoint(
        WeightFile.Format.SAFETENSORS,
        reader.tensors,
        Map.copyOf(reader.metadata),
        "",
        file.length());
  }

  private void header(JsonParser json) throws FormatException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "the header");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      expect(json.nextToken(), JsonToken.START_OBJECT, "the header's entry " + quote(key));
      if (key.equals(METADATA)) {
        metadata(json);
      } else {
        tensor(json, key);
      }
    }
    JsonToken rest = json.nextToken();
    if (rest != null) {
      throw FormatException.damaged("the header goes on behind its closing brace");
    }
  }

  private void metadata(JsonParser json) throws FormatException {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING, "the metadata's entry " + quote(key));
      metadata.put(key, json.getString());
    }
  }

  private void tensor(JsonParser json, String key) throws FormatException {
    String what = "tensor " + quote(key);
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "dtype" -> {
          expect(value, JsonToken.VALUE_STRING, what + ": dtype");
          dtype = json.getString();
        }
        case "shape" -> shape = integers(json, value, what + ": shape");
        case "data_offsets" -> offsets = integers(json, value, what + ": data_offsets");
        default -> throw FormatException.damaged(what + " has the unknown field " + quote(field));
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

  private static List<Long> integers(JsonParser json, JsonToken first, String what)
      throws FormatException {
    expect(first, JsonToken.START_ARRAY, what);
    List<Long> integers = new ArrayList<>();
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      integers.add(json.getLongValue());
    }
    expect(json.currentToken(), JsonToken.END_ARRAY, what);
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

  private static void expect(@Nullable JsonToken found, JsonToken expected, String what)
      throws FormatException {
    if (found != expected) {
      throw FormatException.damaged(what + " must be " + expected + ", not " + found);
    }
  }
}
