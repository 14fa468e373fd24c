package dev.convoy.cpu;

import dev.convoy.cpu.internal.Native;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Turns the status of a native call into an exception with the library's own words. */
final class NativeCall {
  private NativeCall() {}

  /** The result, or {@link NativeException} if it is a negative status. */
  static int check(int result) {
    if (result < 0) {
      throw new NativeException(lastError());
    }
    return result;
  }

  /** The pointer, or {@link NativeException} if there is none. */
  static <P extends Pointer> P present(@Nullable P pointer) {
    if (pointer == null || pointer.isNull()) {
      throw new NativeException(lastError());
    }
    return pointer;
  }

  /** The number that convoy.h gives an enum's constant: both sides keep one order. */
  @SuppressWarnings("EnumOrdinal")
  static int code(Enum<?> constant) {
    return constant.ordinal();
  }

  static String lastError() {
    return Native.convoy_last_error().getString();
  }
}
