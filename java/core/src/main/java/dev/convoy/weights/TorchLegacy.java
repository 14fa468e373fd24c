package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import dev.convoy.weights.Pickled.Dict;
import dev.convoy.weights.Pickled.Sequence;
import dev.convoy.weights.Pickled.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * PyTorch's container before 1.6: five pickles (magic number, protocol version, the writer's
 * system, the object, the keys of its storages), then per key the element count as int64 and the
 * elements. All little-endian, whatever system wrote it.
 */
final class TorchLegacy {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final byte[] MAGIC_BYTES = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };
  private static final byte[] MAGIC_TEXT = ("L" + MAGIC).getBytes(StandardCharsets.ISO_8859_1);
  private static final long PROTOCOL = 1001;

  private TorchLegacy() {}

  /** True for a file of this format, whatever pickle protocol wrote it. */
  static boolean recognises(byte[] head) {
    for (int at = 0; at + MAGIC_BYTES.length <= Math.min(head.length, 32); at++) {
      if (Arrays.equals(MAGIC_BYTES, 0, MAGIC_BYTES.length, head, at, at + MAGIC_BYTES.length)) {
        return head[0] == (byte) 0x80;
      }
    }
    return head.length >= MAGIC_TEXT.length
        && Arrays.equals(MAGIC_TEXT, 0, MAGIC_TEXT.length, head, 0, MAGIC_TEXT.length);
  }

  static Checkpoint read(ByteRange file) throws IOException {
    TorchGlobals globals = new TorchGlobals();
    Object root;
    Object keys;
    long position;
    try (InputStream stream = file.open(0)) {
      PickleInput in = new PickleInput(stream, file.length());
      expect("magic number", MAGIC, new Unpickler(in, new TorchGlobals()).load());
      expect("protocol version", PROTOCOL, new Unpickler(in, new TorchGlobals()).load());
      Object system = new Unpickler(in, new TorchGlobals()).load();
      if (!(system instanceof Dict)) {
        throw FormatException.damaged("the writer's system is " + Unpickler.kind(system));
      }
      root = new Unpickler(in, globals).load();
      keys = new Unpickler(in, new TorchGlobals()).load();
      position = in.position();
    }
    StateDict state = StateDict.find(root);
    Map<String, ByteRange> data = locate(file, position, keys, globals.storages());
    return new Checkpoint(
        WeightFile.Format.PYTORCH_LEGACY,
        TorchTensors.locate(state, storage -> data.get(storage.key()), ByteOrder.LITTLE_ENDIAN),
        Map.of(),
        state.wrapper(),
        file.length());
  }

  private static Map<String, ByteRange> locate(
      ByteRange file, long start, Object keys, Map<String, Storage> storages) throws IOException {
    if (!(keys instanceof Sequence list)) {
      throw FormatException.damaged("the list of storages is " + Unpickler.kind(keys));
    }
    Map<String, ByteRange> data = new HashMap<>();
    long position = start;
    for (Object key : list.items()) {
      Storage storage = key instanceof String name ? storages.get(name) : null;
      if (storage == null || data.containsKey(storage.key())) {
        throw FormatException.damaged(
            "the list of storages names "
                + Unpickler.kind(key)
                + ", which no tensor uses or which it named before");
      }
      position = locate(file, position, storage, data);
    }
    if (data.size() < storages.size()) {
      throw FormatException.damaged(
          "%d storages are used, %d are there".formatted(storages.size(), data.size()));
    }
    if (position != file.length()) {
      throw FormatException.damaged(
          (file.length() - position) + " bytes are left behind the last storage");
    }
    return data;
  }

  private static long locate(
      ByteRange file, long position, Storage storage, Map<String, ByteRange> data)
      throws IOException {
    String name = "storage " + quote(storage.key());
    long left = file.length() - position - Long.BYTES;
    if (left < storage.bytes()) {
      throw FormatException.damaged(
          name + " needs " + storage.bytes() + " bytes, " + Math.max(left, 0) + " are left");
    }
    long count =
        ByteBuffer.wrap(file.slice(position, Long.BYTES).head(Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    if (count != storage.count()) {
      throw FormatException.damaged(
          name + " holds " + count + " elements, " + storage.count() + " were announced");
    }
    data.put(storage.key(), file.slice(position + Long.BYTES, storage.bytes()));
    return position + Long.BYTES + storage.bytes();
  }

  private static void expect(String what, Object expected, Object found) throws FormatException {
    if (!expected.equals(found)) {
      throw FormatException.damaged(
          "the " + what + " must be " + expected + ", not " + Unpickler.kind(found));
    }
  }
}
