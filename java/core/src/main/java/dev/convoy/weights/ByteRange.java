package dev.convoy.weights;

import java.io.IOException;
import java.io.InputStream;

/** A run of bytes of known length that can be read from any place, as often as wanted. */
interface ByteRange {
  long length();

  /** The bytes from {@code from} on; not closed by its reader's end, and cheap to open. */
  InputStream open(long from) throws IOException;

  /** A part of this; the caller has checked that it lies inside. */
  default ByteRange slice(long start, long length) {
    return new Slice(this, start, length);
  }

  /** The first bytes, fewer where there are fewer. */
  default byte[] head(int count) throws IOException {
    try (InputStream in = open(0)) {
      return in.readNBytes((int) Math.min(count, length()));
    }
  }

  /** Part of another range. */
  record Slice(ByteRange whole, long start, long length) implements ByteRange {
    @Override
    public InputStream open(long from) throws IOException {
      return whole.open(start + from);
    }
  }
}
