package dev.convoy.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path directory = Path.of("");

  @Test
  void whatIsSavedIsLoadedAgain() throws IOException {
    Weights weights = Weights.load(Samples.path("state_dict_zip.pth"));
    Path file = directory.resolve("copy.safetensors");

    weights.save(file);
    weights.save(file); // replaces

    Weights copy = Weights.load(file);
    assertEquals(weights.names(), copy.names());
    for (String key : weights.names()) {
      assertEquals(weights.tensor(key).shape(), copy.tensor(key).shape());
      assertArrayEquals(weights.tensor(key).values(), copy.tensor(key).values());
    }
    assertEquals(List.of(file), files());
  }

  @Test
  void anInterruptLeavesWhatWasThereAndSaysSo() throws IOException {
    Weights weights = Weights.of(Map.of("w", Tensor.zeros(Shape.of(1))));
    Path file = Files.writeString(directory.resolve("old.safetensors"), "old");
    Thread.currentThread().interrupt();
    WeightsException refused = assertThrows(WeightsException.class, () -> weights.save(file));
    assertTrue(Thread.interrupted());
    assertTrue(
        String.valueOf(refused.getMessage()).endsWith("was interrupted; write it again"),
        refused.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void theDataIsAligned() throws IOException {
    Path file = directory.resolve("x");
    for (String key : List.of("a", "ab", "abc", "ä\"\\")) {
      Weights.of(Map.of(key, Tensor.zeros(Shape.of(1)))).save(file);
      byte[] bytes = Files.readAllBytes(file);
      assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
      assertEquals(List.of(key), Weights.load(file).names());
    }
  }

  @Test
  void halvesRoundToNearestEvenAndTellTheirMetadata() {
    Path file = directory.resolve("half.safetensors");
    float[] values = {0f, -0f, 1f, 1 + 0x1p-11f, 1 + 0x3p-11f, 65504f, 6e-8f, Float.NaN};
    Weights weights = Weights.of(Map.of("w", new Tensor(Shape.of(2, 4), values)));

    SafetensorsWriter.float16().withMetadata(Map.of("model", "toy")).write(weights, file);

    Samples.assertValues(
        Weights.load(file),
        "w",
        new int[] {2, 4},
        0f,
        -0f,
        1f,
        1f,
        1 + 0x4p-11f,
        65504f,
        0x1p-24f,
        Float.NaN);
    WeightFile stored = WeightFile.inspect(file);
    assertEquals("float16", stored.tensors().get(0).dtype());
    assertEquals(Map.of("model", "toy"), stored.metadata());
  }

  @Test
  void valuesBeyondFloat16AreRefusedAndTheOldFileStays() throws IOException {
    Path file = directory.resolve("half.safetensors");
    Weights.of(Map.of("w", new Tensor(Shape.of(1), new float[] {7f}))).save(file);
    Weights large = Weights.of(Map.of("w", new Tensor(Shape.of(1), new float[] {70000f})));

    WeightsException e =
        assertThrows(WeightsException.class, () -> SafetensorsWriter.float16().write(large, file));

    assertTrue(String.valueOf(e.getMessage()).contains("70000"));
    Samples.assertValues(Weights.load(file), "w", new int[] {1}, 7f);
    assertEquals(List.of(file), files());
  }

  @Test
  void placesThatCannotBeWrittenAreRefused() {
    Weights weights = Weights.of(Map.of());
    assertThrows(WeightsException.class, () -> weights.save(directory));
    assertThrows(WeightsException.class, () -> weights.save(directory.resolve("no/such/place")));
    Weights reserved = Weights.of(Map.of("__metadata__", Tensor.zeros(Shape.of(1))));
    assertThrows(WeightsException.class, () -> reserved.save(directory.resolve("x")));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
