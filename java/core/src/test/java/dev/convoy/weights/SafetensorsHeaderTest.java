package dev.convoy.weights;

import static dev.convoy.weights.Samples.assertRefused;
import static dev.convoy.weights.Samples.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsHeaderTest {
  @TempDir Path directory = Path.of("");

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"w\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @Test
  void spacesBehindTheHeaderAreFine() throws IOException {
    Weights weights =
        Weights.load(safetensors(directory, entry("\"F32\"", "[2]", "[0,8]") + "   ", 8));
    Samples.assertValues(weights, "w", new int[] {2}, 0f, 0f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"F32\"' | [2] | [0,4] | takes 8 bytes",
        "'\"F32\"' | [2] | [8,0] | data_offsets",
        "'\"F32\"' | [2] | [-8,0] | data_offsets",
        "'\"F32\"' | [2] | [0,8,16] | data_offsets",
        "'\"F32\"' | [2] | [0] | data_offsets",
        "'\"F32\"' | [2] | [0,16] | data_offsets",
        "'\"F32\"' | [-2] | [0,8] | negative",
        "'\"F32\"' | [2.0] | [0,8] | shape",
        "'\"F32\"' | [true] | [0,8] | shape",
        "'\"F32\"' | [99999999999999999999] | [0,8] | JSON",
        "'\"F32\"' | [NaN] | [0,8] | JSON",
        "'\"F32\"' | [4294967296,4294967296] | [0,8] | elements",
        "'\"F32\"' | [0,4611686018427387904] | [0,0] | elements",
        "'\"F32\"' | [1] | [4,8] | gap",
        "'\"F32\"' | [1] | [0,4] | cover 4 of 8",
        "'\"F32\"' | 2 | [0,8] | shape",
        "'\"F8_E4M3\"' | [8] | [0,8] | 'F8_E4M3'",
        "'\"f32\"' | [2] | [0,8] | 'f32'",
        "32 | [2] | [0,8] | dtype",
        "null | [2] | [0,8] | dtype",
      })
  void badFieldsAreNamed(String dtype, String shape, String offsets, String says)
      throws IOException {
    assertRefused(safetensors(directory, entry(dtype, shape, offsets), 8), says);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {}",
        "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"w\":[]}",
        "{\"w\":{\"dtype\":{},\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":[]}",
        "{}",
        "{{",
        "{\"w",
      })
  void badHeadersAreRefused(String json) throws IOException {
    assertRefused(safetensors(directory, json, 8));
  }

  @Test
  void deepJsonIsRefused() throws IOException {
    String deep = "{\"w\":{\"shape\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}";
    assertRefused(safetensors(directory, deep, 0), "shape");
    assertRefused(safetensors(directory, "{\"w\":".repeat(100_000), 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 100, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001})
  void badHeaderLengthsAreRefused(long length) throws IOException {
    byte[] file =
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put((byte) '{')
            .array();
    assertRefused(
        Files.write(directory.resolve("x"), file), Long.toUnsignedString(length) + " bytes long");
  }
}
