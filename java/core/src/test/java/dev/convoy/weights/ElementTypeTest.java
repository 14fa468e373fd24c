package dev.convoy.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ElementTypeTest {
  private static void assertDecodes(ElementType type, Consumer<ByteBuffer> put, float... expected) {
    ByteBuffer bytes = ByteBuffer.allocate(expected.length * type.bytes());
    put.accept(bytes);
    assertEquals(0, bytes.remaining());
    float[] decoded = new float[expected.length];
    type.decode(bytes.flip(), FloatBuffer.wrap(decoded), expected.length);
    assertArrayEquals(expected, decoded);
  }

  @Test
  void integersBecomeTheNearestFloat() {
    assertDecodes(ElementType.I8, b -> b.put((byte) -128).put((byte) 127), -128f, 127f);
    assertDecodes(ElementType.U8, b -> b.put((byte) -128).put((byte) 127), 128f, 127f);
    assertDecodes(ElementType.I16, b -> b.putShort(Short.MIN_VALUE), -32768f);
    assertDecodes(ElementType.U16, b -> b.putShort((short) -1), 65535f);
    assertDecodes(ElementType.I32, b -> b.putInt(-5).putInt((1 << 24) + 1), -5f, 1 << 24);
    assertDecodes(ElementType.U32, b -> b.putInt(-1), 0x1p32f);
    assertDecodes(ElementType.I64, b -> b.putLong(Long.MIN_VALUE), -0x1p63f);
    assertDecodes(ElementType.BOOL, b -> b.put((byte) 0).put((byte) 1).put((byte) 2), 0f, 1f, 1f);
  }

  @Test
  void largeUnsignedIntegersRoundOnce() {
    for (long value :
        new long[] {-1, Long.MIN_VALUE, 0x8000008000000001L, 0x8000018000000000L, 7}) {
      assertDecodes(
          ElementType.U64,
          b -> b.putLong(value),
          new BigInteger(Long.toUnsignedString(value)).floatValue());
    }
  }

  @Test
  void floatsBecomeTheNearestFloat() {
    assertDecodes(
        ElementType.F64, b -> b.putDouble(0.1).putDouble(1e300), 0.1f, Float.POSITIVE_INFINITY);
    assertDecodes(ElementType.BF16, b -> b.putShort((short) 0xc049), -3.140625f);
    assertDecodes(
        ElementType.F16,
        b -> b.putShort((short) 1).putShort((short) 0xfc00).putShort((short) 0x7bff),
        0x1p-24f,
        Float.NEGATIVE_INFINITY,
        65504f);
  }

  @Test
  void everyHalfSurvivesTheRoundTrip() {
    for (int half = 0; half < 1 << 16; half++) {
      float value = Float16.toFloat((short) half);
      if (!Float.isNaN(value)) {
        assertEquals((short) half, Float16.fromFloat(value));
      }
    }
  }

  @Test
  void halvesRoundToNearestEven() {
    for (int half = 0; half < 0x7bff; half++) {
      float low = Float16.toFloat((short) half);
      float high = Float16.toFloat((short) (half + 1));
      float middle = (low + high) / 2; // exact in float32
      assertEquals((short) (half + (half & 1)), Float16.fromFloat(middle));
      assertEquals((short) half, Float16.fromFloat(Math.nextDown(middle)));
      assertEquals((short) (half + 1), Float16.fromFloat(Math.nextUp(middle)));
    }
    assertEquals((short) 0x7c00, Float16.fromFloat(Float16.OVERFLOW));
    assertEquals((short) 0x7bff, Float16.fromFloat(Math.nextDown(Float16.OVERFLOW)));
  }
}
