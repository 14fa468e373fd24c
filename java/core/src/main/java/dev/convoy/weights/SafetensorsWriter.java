package dev.convoy.weights;

import dev.convoy.FileFailure;
import dev.convoy.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes weights as safetensors. Immutable.
 *
 * <p>The file appears under its name complete or not at all: it is written beside it, forced to the
 * disk and moved. A file of that name is replaced.
 */
public final class SafetensorsWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int CHUNK_BYTES = 1 << 18;
  private static final int ALIGNMENT = 8;

  private final ElementType type;
  private final Map<String, String> metadata;

  private SafetensorsWriter(ElementType type, Map<String, String> metadata) {
    this.type = type;
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /** Stores the values as they are. */
  public static SafetensorsWriter float32() {
    return new SafetensorsWriter(ElementType.F32, Map.of());
  }

  /**
   * Stores the values in half the space, rounded to nearest even. {@link #write} then refuses
   * finite values that would become infinite (65520 and above).
   */
  public static SafetensorsWriter float16() {
    return new SafetensorsWriter(ElementType.F16, Map.of());
  }

  /** With these entries about the file as its {@code __metadata__}. */
  public SafetensorsWriter withMetadata(Map<String, String> entries) {
    return new SafetensorsWriter(type, new LinkedHashMap<>(entries));
  }

  /**
   * Writes the file.
   *
   * @throws WeightsException if it cannot be written; whatever was there before is then still there
   */
  public void write(Weights weights, Path file) {
    Path name = file.toAbsolutePath().getFileName();
    if (name == null || Files.isDirectory(file)) {
      throw new WeightsException("weight file " + file + ": it is a directory; give a file name");
    }
    Path draft = file.resolveSibling("." + name + "." + UUID.randomUUID() + ".part");
    try {
      try (FileChannel out =
          FileChannel.open(draft, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        write(weights, out);
        out.force(true);
      }
      move(draft, file);
    } catch (IOException e) {
      throw new WeightsException("weight file " + file + ": " + FileFailure.writing(e), e);
    } finally {
      deleteDraft(draft);
    }
  }

  private void write(Weights weights, FileChannel out) throws IOException {
    byte[] header = header(weights.shapes());
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeFully(out, length.putLong(header.length).flip());
    writeFully(out, ByteBuffer.wrap(header));
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (String key : weights.names()) {
      float[] values = weights.tensor(key).values();
      int n;
      for (int at = 0; at < values.length; at += n) {
        n = Math.min(CHUNK_BYTES / type.bytes(), values.length - at);
        chunk.clear();
        if (type == ElementType.F32) {
          chunk.asFloatBuffer().put(values, at, n);
        } else {
          putHalves(key, values, at, n, chunk);
        }
        writeFully(out, chunk.position(0).limit(n * type.bytes()));
      }
    }
  }

  private static void putHalves(String key, float[] values, int at, int n, ByteBuffer to) {
    for (int i = at; i < at + n; i++) {
      float value = values[i];
      if (Math.abs(value) >= Float16.OVERFLOW && Float.isFinite(value)) {
        throw new WeightsException(
            "tensor '" + key + "' holds " + value + ", beyond float16; store it as float32");
      }
      to.putShort(Float16.fromFloat(value));
    }
  }

  /** The JSON, padded with spaces so that the data behind it is aligned. */
  private byte[] header(Map<String, Shape> shapes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName(Safetensors.METADATA).writeStartObject();
        metadata.forEach((key, value) -> json.writeName(key).writeString(value));
        json.writeEndObject();
      }
      long offset = 0;
      for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
        if (entry.getKey().equals(Safetensors.METADATA)) {
          throw new WeightsException(
              "a tensor cannot be called " + Safetensors.METADATA + " in safetensors; rename it");
        }
        json.writeName(entry.getKey()).writeStartObject();
        json.writeName("dtype").writeString(type.name());
        json.writeName("shape");
        int[] dims = entry.getValue().toArray();
        json.writeArray(dims, 0, dims.length);
        long end = offset + entry.getValue().size() * type.bytes();
        json.writeName("data_offsets").writeArray(new long[] {offset, end}, 0, 2);
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    }
    int padded = (bytes.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = Arrays.copyOf(bytes.toByteArray(), padded);
    Arrays.fill(header, bytes.size(), padded, (byte) ' ');
    return header;
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static void move(Path draft, Path file) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteDraft(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // The failure that matters, if any, is on its way already.
    }
  }
}
