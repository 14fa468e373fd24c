package dev.convoy.weights;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Whatever is done to a good file, it loads or ends in a WeightsException, nothing else. */
class WeightsFuzzTest {
  private static final String[] FILES = {
    "state_dict_zip.pth",
    "state_dict_legacy.pth",
    "checkpoint_dataparallel.pth",
    "tensors.safetensors",
    "whole_module.pth"
  };
  private static final byte[] TELLING = {
    0,
    1,
    -1,
    0x7f,
    (byte) 0x80,
    '.',
    '(',
    ')',
    ']',
    '}',
    'R',
    'b',
    'Q',
    't',
    '2',
    'h',
    '0',
    '1',
    '-',
    '9',
    '"',
    '{',
    '[',
    ',',
    (byte) 0x81,
    (byte) 0x85,
    (byte) 0x8a,
    (byte) 0x8b,
    (byte) 0x94
  };

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void mutated(@ForAll @IntRange(max = 4) int which, @ForAll long seed) throws IOException {
    byte[] bytes = Samples.bytes(FILES[which]);
    Random random = new Random(seed);
    int structure = Math.min(bytes.length, which == 3 ? 700 : 2000);
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(random.nextBoolean() ? structure : bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
        case 2 -> {
          int from = random.nextInt(bytes.length);
          int count = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, count);
        }
        default ->
            Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(9)), (byte) -1);
      }
    }
    loadsOrIsRefused(bytes);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void cutOrSpliced(@ForAll @IntRange(max = 4) int which, @ForAll long seed) throws IOException {
    byte[] bytes = Samples.bytes(FILES[which]);
    Random random = new Random(seed);
    int from = random.nextInt(bytes.length);
    int to = from + random.nextInt(bytes.length - from);
    byte[] spliced = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, spliced, from, bytes.length - to);
    loadsOrIsRefused(spliced);
  }

  private static void loadsOrIsRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("convoy-fuzz", ".pth");
    try {
      Files.write(file, bytes);
      assertNotNull(Weights.load(file));
    } catch (WeightsException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), e::toString);
    } finally {
      Files.delete(file);
    }
  }
}
