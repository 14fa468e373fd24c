package dev.convoy.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The committed sample files, and files made to order. */
final class Samples {
  private Samples() {}

  static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Samples.class.getResource("/weights/" + name)).toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Files.newInputStream(path(name))) {
      return in.readAllBytes();
    }
  }

  /** Loading must fail with a message that names the file, says each of these, and has a cure. */
  static void assertRefused(Path file, String... says) {
    for (WeightsException e :
        new WeightsException[] {
          assertThrows(WeightsException.class, () -> Weights.load(file)),
          assertThrows(WeightsException.class, () -> WeightFile.inspect(file))
        }) {
      String message = Objects.requireNonNull(e.getMessage());
      assertTrue(message.contains(file.toString()), message);
      assertTrue(message.contains("; "), "no cure: " + message);
      for (String text : says) {
        assertTrue(message.contains(text), "expected '" + text + "' in: " + message);
      }
    }
  }

  static Path safetensors(Path directory, String json, int dataBytes) throws IOException {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header);
    return Files.write(directory.resolve("made.safetensors"), file.array());
  }

  /** A zip as torch.save writes it. */
  static Path zip(Path directory, Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(e.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(e.getValue().length);
        CRC32 crc = new CRC32();
        crc.update(e.getValue());
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(e.getValue());
      }
    }
    return Files.write(directory.resolve("made.pth"), bytes.toByteArray());
  }

  /** A zip with this pickle and one storage '0'. */
  static Path zip(Path directory, Pickle pickle, byte[] storage) throws IOException {
    return zip(directory, entries(pickle, storage));
  }

  static Map<String, byte[]> entries(Pickle pickle, byte[] storage) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/data.pkl", pickle.bytes());
    entries.put("a/data/0", storage);
    entries.put("a/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return entries;
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static void assertValues(Weights weights, String key, int[] shape, float... values) {
    assertEquals(dev.convoy.tensor.Shape.possiblyEmpty(shape), weights.tensor(key).shape());
    org.junit.jupiter.api.Assertions.assertArrayEquals(values, weights.tensor(key).values());
  }
}
