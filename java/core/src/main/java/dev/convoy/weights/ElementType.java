package dev.convoy.weights;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How one element of a tensor is stored. The constants' names are those of safetensors.
 *
 * <p>Everything becomes float32 as a cast does it: to nearest, doubles beyond the range to
 * infinity, integers above 2^24 to the nearest float, booleans to 0 and 1.
 */
enum ElementType {
  F64("float64", "Double", 8),
  F32("float32", "Float", 4),
  F16("float16", "Half", 2),
  BF16("bfloat16", "BFloat16", 2),
  I64("int64", "Long", 8),
  I32("int32", "Int", 4),
  I16("int16", "Short", 2),
  I8("int8", "Char", 1),
  U64("uint64", "", 8),
  U32("uint32", "", 4),
  U16("uint16", "", 2),
  U8("uint8", "Byte", 1),
  BOOL("bool", "Bool", 1);

  private final String dtype;
  private final String storagePrefix;
  private final int bytes;

  ElementType(String dtype, String storagePrefix, int bytes) {
    this.dtype = dtype;
    this.storagePrefix = storagePrefix;
    this.bytes = bytes;
  }

  /** NumPy's and PyTorch's name: {@code float32}. */
  String dtype() {
    return dtype;
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  /** The type that safetensors calls this. */
  static Optional<ElementType> ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type of PyTorch's {@code FloatStorage}, {@code HalfStorage}, …. */
  static Optional<ElementType> ofStorage(String className) {
    return Arrays.stream(values())
        .filter(t -> !t.storagePrefix.isEmpty())
        .filter(t -> className.equals(t.storagePrefix + "Storage"))
        .findFirst();
  }

  /** The type of PyTorch's {@code torch.float32}, …. */
  static Optional<ElementType> ofDtype(String name) {
    return Arrays.stream(values()).filter(t -> t.dtype.equals(name)).findFirst();
  }

  /**
   * Converts {@code count} elements from one buffer to the other, in the first one's byte order.
   */
  void decode(ByteBuffer from, FloatBuffer to, int count) {
    switch (this) {
      case F32 -> to.put(from.asFloatBuffer().limit(count));
      case F64 -> {
        for (int i = 0; i < count; i++) {
          to.put((float) from.getDouble());
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          to.put(Float16.toFloat(from.getShort()));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          to.put(Float.intBitsToFloat(from.getShort() << 16));
        }
      }
      case I64 -> {
        for (int i = 0; i < count; i++) {
          to.put((float) from.getLong());
        }
      }
      case I32 -> {
        for (int i = 0; i < count; i++) {
          to.put((float) from.getInt());
        }
      }
      case I16 -> {
        for (int i = 0; i < count; i++) {
          to.put(from.getShort());
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          to.put(from.get());
        }
      }
      case U64 -> {
        for (int i = 0; i < count; i++) {
          to.put(unsigned(from.getLong()));
        }
      }
      case U32 -> {
        for (int i = 0; i < count; i++) {
          to.put((float) Integer.toUnsignedLong(from.getInt()));
        }
      }
      case U16 -> {
        for (int i = 0; i < count; i++) {
          to.put(Short.toUnsignedInt(from.getShort()));
        }
      }
      case U8 -> {
        for (int i = 0; i < count; i++) {
          to.put(Byte.toUnsignedInt(from.get()));
        }
      }
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          to.put(from.get() == 0 ? 0f : 1f);
        }
      }
    }
  }

  private static float unsigned(long value) {
    // A large value's lowest bit is kept sticky by the or, so that halving does not round twice.
    return value >= 0 ? (float) value : (float) ((value >>> 1) | (value & 1)) * 2f;
  }

  /** The types, for a message. */
  static String all() {
    return Arrays.toString(values()).toLowerCase(Locale.ROOT);
  }
}
