package dev.convoy.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.Objects;

/**
 * The bytes of an open file, which is closed when it is no longer reachable at the latest. Read,
 * not mapped: a mapped file that another process cuts short takes the JVM down, and a mapping
 * cannot be given back. Not a channel: an interrupt of one reader would close it for all.
 */
record FileBytes(RandomAccessFile file, long length) implements ByteRange {
  static FileBytes of(RandomAccessFile file) throws IOException {
    return new FileBytes(file, file.length());
  }

  @Override
  public InputStream open(long from) {
    return new InputStream() {
      private long position = from;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] into, int at, int count) throws IOException {
        Objects.checkFromIndexSize(at, count, into.length);
        if (count == 0) {
          return 0;
        }
        synchronized (file) {
          file.seek(position);
          int got = file.read(into, at, count);
          position += Math.max(got, 0);
          return got;
        }
      }
    };
  }
}
