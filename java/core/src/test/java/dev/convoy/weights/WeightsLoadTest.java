package dev.convoy.weights;

import static dev.convoy.weights.Samples.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.tensor.Tensor;
import dev.convoy.weights.WeightFile.StoredTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsLoadTest {
  @TempDir Path directory = Path.of("");

  private static final int SAMPLE_TENSORS = 16;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state_dict_zip.pth",
        "state_dict_legacy.pth",
        "checkpoint_dataparallel.pth",
        "tensors.safetensors"
      })
  void everyTensorHasItsShapeAndValues(String name) throws IOException {
    Map<String, Object> expected = ExpectedTensors.read(Samples.path("state_dict_expected.json"));
    Weights weights = Weights.load(Samples.path(name));

    if (!name.endsWith(".safetensors")) {
      assertEquals(SAMPLE_TENSORS, expected.size());
      assertEquals(List.copyOf(expected.keySet()), weights.names());
    }
    assertFalse(weights.names().isEmpty());
    for (String key : weights.names()) {
      Map<?, ?> truth = (Map<?, ?>) Objects.requireNonNull(expected.get(key));
      List<?> values = (List<?>) Objects.requireNonNull(truth.get("values"));
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = ((Double) values.get(i)).floatValue();
      }
      Samples.assertValues(
          weights, key, ExpectedTensors.shape(Objects.requireNonNull(truth.get("shape"))), floats);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state_dict_zip.pth", "state_dict_legacy.pth"})
  void inspectionTellsStoredTypes(String name) throws IOException {
    Map<String, Object> expected = ExpectedTensors.read(Samples.path("state_dict_expected.json"));
    WeightFile file = WeightFile.inspect(Samples.path(name));

    assertEquals(Files.size(Samples.path(name)), file.bytes());
    assertEquals(SAMPLE_TENSORS, file.tensors().size());
    for (StoredTensor tensor : file.tensors()) {
      Map<?, ?> truth = (Map<?, ?>) Objects.requireNonNull(expected.get(tensor.key()));
      assertEquals(truth.get("dtype"), tensor.dtype());
    }
    StoredTensor half = file.tensors().get(2);
    assertEquals(new StoredTensor("half", "float16", List.of(5L), 10), half);
  }

  @Test
  void inspectionTellsWrapperAndPrefix() {
    WeightFile file = WeightFile.inspect(Samples.path("checkpoint_dataparallel.pth"));

    assertEquals(WeightFile.Format.PYTORCH_ZIP, file.format());
    assertEquals("state_dict", file.wrapper());
    assertEquals("module.", file.prefix());
    assertEquals("module.conv.weight", file.tensors().get(0).key());
  }

  @Test
  void inspectionTellsMetadata() {
    WeightFile file = WeightFile.inspect(Samples.path("tensors.safetensors"));

    assertEquals(WeightFile.Format.SAFETENSORS, file.format());
    assertEquals(Map.of("format", "pt"), file.metadata());
  }

  @Test
  void theNameDoesNotMatter() throws IOException {
    Path odd = Files.copy(Samples.path("tensors.safetensors"), directory.resolve("weights.pth"));

    assertTrue(Weights.load(odd).names().contains("conv.weight"));
  }

  @Test
  void streamsHoldWhateverFilesDo() throws IOException {
    for (String name :
        List.of("tensors.safetensors", "state_dict_legacy.pth", "state_dict_zip.pth")) {
      Weights read = Weights.read(new ByteArrayInputStream(Samples.bytes(name)), name);
      assertSameTensors(Weights.load(Samples.path(name)), read);
    }
  }

  private static void assertSameTensors(Weights expected, Weights read) {
    assertEquals(expected.names(), read.names());
    for (String key : expected.names()) {
      assertArrayEquals(expected.tensor(key).values(), read.tensor(key).values(), key);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "resnet20-12fca82f.th, PYTORCH_LEGACY",
    "rnet.pt, PYTORCH_LEGACY",
    "version-RFB-320.pth, PYTORCH_LEGACY"
  })
  void publishedCheckpointsHaveTheirSums(String name, WeightFile.Format format) throws IOException {
    Path real = Path.of(System.getProperty("convoy.shared", "absent")).resolve("data/weights/real");
    assumeTrue(Files.isDirectory(real), () -> "needs the shared data: " + real);
    Map<?, ?> expected =
        (Map<?, ?>)
            Objects.requireNonNull(ExpectedTensors.read(real.resolve("expected.json")).get(name));

    WeightFile file = WeightFile.inspect(real.resolve(name));
    Weights weights = Weights.load(real.resolve(name));

    assertEquals(format, file.format());
    assertEquals(
        List.copyOf(expected.keySet()), file.tensors().stream().map(StoredTensor::key).toList());
    for (StoredTensor stored : file.tensors()) {
      List<?> truth = (List<?>) Objects.requireNonNull(expected.get(stored.key()));
      Tensor tensor = weights.tensor(stored.key().substring(file.prefix().length()));
      assertArrayEquals(ExpectedTensors.shape(truth.get(0)), tensor.shape().toArray());
      assertEquals(truth.get(1), stored.dtype());
      double sum = 0;
      double magnitude = 0;
      for (float value : tensor.values()) {
        sum += value;
        magnitude += Math.abs(value);
      }
      assertEquals((Double) truth.get(2), sum, 1e-12 * magnitude, stored.key());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state_dict_zip.pth", "state_dict_legacy.pth", "tensors.safetensors"})
  void anInterruptedReaderReadsAndLeavesTheOthersTheirFile(String name) {
    Weights shared = Weights.load(Samples.path(name));
    String key = shared.names().get(0);
    float[] expected = shared.tensor(key).values();
    Thread.currentThread().interrupt();
    try {
      assertArrayEquals(expected, shared.tensor(key).values());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertArrayEquals(expected, shared.tensor(key).values());
  }

  @Test
  void filesOfOtherFileSystemsAreReadToo() throws IOException {
    try (FileSystem archive =
        FileSystems.newFileSystem(directory.resolve("some.zip"), Map.of("create", "true"))) {
      Path inside = archive.getPath("tensors.safetensors");
      Files.copy(Samples.path("tensors.safetensors"), inside);
      assertTrue(Weights.load(inside).names().contains("conv.weight"));
      Path zip = archive.getPath("state_dict.pth");
      Files.copy(Samples.path("state_dict_zip.pth"), zip);
      assertSameTensors(Weights.load(Samples.path("state_dict_zip.pth")), Weights.load(zip));
    }
  }

  @Test
  void hostileFilesAreRefusedAndRunNothing() {
    assertRefused(Samples.path("hostile_os_system.pth"), "'posix.system'", "state_dict");
    assertRefused(Samples.path("hostile_eval_legacy.pth"), "'__builtin__.eval'");
    assertFalse(Files.exists(Path.of("convoy_pickle_was_executed")));
  }

  @Test
  void wholeModelsAreRefusedWithTheCure() {
    assertRefused(
        Samples.path("whole_module.pth"),
        "torch.nn.modules.container.Sequential",
        "whole model",
        "model.state_dict()");
  }

  @ParameterizedTest
  @CsvSource({
    "truncated.pth, download or save it again",
    "bad_header_length.safetensors, 4611686018427387904",
    "bad_json.safetensors, not sound JSON",
    "bad_offsets_past_end.safetensors, data_offsets",
    "bad_overlap.safetensors, overlap",
    "bad_shape_overflow.safetensors, 1099511627776"
  })
  void brokenFilesNameTheFault(String name, String says) {
    assertRefused(Samples.path(name), says);
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    for (String name :
        List.of("state_dict_legacy.pth", "tensors.safetensors", "state_dict_zip.pth")) {
      byte[] whole = Samples.bytes(name);
      Path cut = directory.resolve("cut");
      for (int length = 0; length < whole.length; length += 1 + length / 40) {
        Files.write(cut, java.util.Arrays.copyOf(whole, length));
        assertRefused(cut);
      }
    }
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    assertRefused(directory, "directory");
    assertRefused(directory.resolve("absent.pth"), "no such file");
    assertRefused(Files.createFile(directory.resolve("empty.pth")), "empty");
    Path device = Path.of("/dev/zero");
    assumeTrue(Files.exists(device), "no /dev/zero here");
    assertRefused(device, "no regular file");
  }

  @Test
  void unreadableFilesAreRefused() throws IOException {
    Path secret = Files.copy(Samples.path("tensors.safetensors"), directory.resolve("secret"));
    assumeTrue(secret.toFile().setReadable(false) && !Files.isReadable(secret), "runs as root");
    assertRefused(secret, "permissions");
  }

  @ParameterizedTest
  @CsvSource({
    "<!DOCTYPE html>, web page",
    "version https://git-lfs.github.com/spec/v1, git lfs pull",
    "GGUF...., GGUF",
    "'{\"weight_map\": {}}', index",
    "nothing that anybody knows, no known format"
  })
  void otherFilesAreCalledByTheirName(String contents, String says) throws IOException {
    Path file = directory.resolve("model.safetensors");
    Files.write(file, contents.getBytes(StandardCharsets.UTF_8));
    assertRefused(file, says);
  }
}
