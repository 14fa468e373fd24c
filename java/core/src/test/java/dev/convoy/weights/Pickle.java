package dev.convoy.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, as torch.save and as attackers do. */
final class Pickle {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Raw opcodes: characters up to 0xff. */
  Pickle op(String opcodes) {
    out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Pickle proto(int version) {
    return op("\u0080").op(String.valueOf((char) version));
  }

  Pickle global(String module, String name) {
    return op("c" + module + "\n" + name + "\n");
  }

  Pickle text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    op("X");
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
    out.writeBytes(utf8);
    return this;
  }

  Pickle integer(long value) {
    op("\u008a\u0008");
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  Pickle tuple(long... values) {
    op("(");
    for (long value : values) {
      integer(value);
    }
    return op("t");
  }

  Pickle storage(String type, String key, long count) {
    return op("(")
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .integer(count)
        .op("tQ");
  }

  /** A float tensor over storage '0'. */
  Pickle tensor(long count, long offset, long[] shape, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op("(")
        .storage("FloatStorage", "0", count)
        .integer(offset)
        .tuple(shape)
        .tuple(strides)
        .op("\u0089N")
        .op("tR");
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** {@code {'w': tensor}}. */
  static Pickle stateDict(long count, long offset, long[] shape, long[] strides) {
    return new Pickle().proto(2).op("}").text("w").tensor(count, offset, shape, strides).op("s.");
  }
}
