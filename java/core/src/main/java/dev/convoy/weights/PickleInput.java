package dev.convoy.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of one or more pickles, read once from front to back. Knows how many are left, so that
 * a length in the pickle is checked before memory is asked for.
 */
final class PickleInput {
  /** Far above the pickle of any state dict, which takes a few hundred bytes a tensor. */
  static final long MAX_BYTES = 32L << 20;

  private static final int MAX_TEXT = 4 << 20;
  private static final int MAX_LINE = 1 << 12;

  private final InputStream in;
  private final long end;
  private final byte[] buffer = new byte[1 << 13];
  private int next;
  private int filled;
  private long consumed;

  PickleInput(InputStream in, long length) {
    this.in = in;
    this.end = Math.min(length, MAX_BYTES);
  }

  /** Bytes taken so far. */
  long position() {
    return consumed;
  }

  int readByte() throws IOException {
    need(1);
    if (next == filled) {
      filled = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, end - consumed));
      next = 0;
      if (filled == 0) {
        throw FormatException.damaged("the pickle ends early, after " + consumed + " bytes");
      }
    }
    consumed++;
    return Byte.toUnsignedInt(buffer[next++]);
  }

  byte[] readBytes(long count) throws IOException {
    need(count);
    byte[] bytes = new byte[(int) count];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) readByte();
    }
    return bytes;
  }

  void skip(long count) throws IOException {
    need(count);
    for (long i = 0; i < count; i++) {
      readByte();
    }
  }

  /** An integer of one, two, four or eight bytes, little-endian; eight are signed. */
  long readUnsigned(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) readByte() << (8 * i);
    }
    return value;
  }

  int readInt() throws IOException {
    return (int) readUnsigned(4);
  }

  double readDouble() throws IOException {
    return ByteBuffer.wrap(readBytes(8)).order(ByteOrder.BIG_ENDIAN).getDouble();
  }

  String readUtf8(long bytes) throws IOException {
    long at = consumed;
    if (bytes > MAX_TEXT) {
      throw FormatException.damaged(
          "the pickle has a text of " + bytes + " bytes at byte " + at + ", at most " + MAX_TEXT);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(readBytes(bytes)))
          .toString();
    } catch (CharacterCodingException e) {
      throw FormatException.damaged("the pickle's text at byte " + at + " is not UTF-8");
    }
  }

  /** Text up to the end of the line, without it: how protocol 0 writes nearly everything. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = readByte(); c != '\n'; c = readByte()) {
      if (line.length() == MAX_LINE) {
        throw FormatException.damaged(
            "the pickle has a line of more than " + MAX_LINE + " bytes, at byte " + consumed);
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private void need(long count) throws FormatException {
    if (count < 0 || count > end - consumed) {
      throw FormatException.damaged(
          "the pickle needs "
              + Long.toUnsignedString(count)
              + " bytes at byte "
              + consumed
              + ", "
              + (end - consumed)
              + " are there"
              + (end == MAX_BYTES ? " (it may have " + MAX_BYTES + " in all)" : ""));
    }
  }
}
