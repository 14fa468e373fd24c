package dev.convoy.weights;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes on the heap; equal only to themselves. */
final class MemoryBytes implements ByteRange {
  private final byte[] bytes;

  MemoryBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public InputStream open(long from) {
    int start = (int) from;
    return new ByteArrayInputStream(bytes, start, bytes.length - start);
  }
}
