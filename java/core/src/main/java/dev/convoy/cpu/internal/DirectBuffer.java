package dev.convoy.cpu.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Native memory as a buffer. Whoever frees the memory sees to it that nobody uses that any more.
 */
public final class DirectBuffer {
  private DirectBuffer() {}

  /** So many floats from a pointer on. */
  public static FloatBuffer of(FloatPointer memory, long floats) {
    return bytes(memory.address(), Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static native ByteBuffer bytes(long address, long count);
}
