package dev.convoy.bench.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A protocol buffer message under construction: fields in the order in which they are added.
 *
 * <p>Field numbers are those of {@code onnx.proto3}.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol buffers: encoding</a>
 */
final class ProtoMessage {
  private final ByteString.Output bytes = ByteString.newOutput();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /** A write into memory; it fails only with the memory. */
  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }

  private ProtoMessage add(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProtoMessage string(int field, String value) {
    return add(() -> out.writeString(field, value));
  }

  ProtoMessage integer(int field, long value) {
    return add(() -> out.writeInt64(field, value));
  }

  ProtoMessage number(int field, float value) {
    return add(() -> out.writeFloat(field, value));
  }

  ProtoMessage raw(int field, ByteString value) {
    return add(() -> out.writeBytes(field, value));
  }

  ProtoMessage message(int field, ProtoMessage value) {
    return add(() -> out.writeBytes(field, value.toBytes()));
  }

  ByteString toBytes() {
    add(out::flush);
    return bytes.toByteString();
  }
}
