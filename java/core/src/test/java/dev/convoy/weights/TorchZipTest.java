package dev.convoy.weights;

import static dev.convoy.weights.Samples.assertRefused;
import static dev.convoy.weights.Samples.assertValues;
import static dev.convoy.weights.Samples.floats;
import static dev.convoy.weights.Samples.zip;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchZipTest {
  private static final byte[] SIX = floats(0, 1, 2, 3, 4, 5);

  @TempDir Path directory = Path.of("");

  private static long[] of(long... values) {
    return values;
  }

  @Test
  void bigEndianFilesAreRead() throws IOException {
    byte[] big = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2f).array();
    Map<String, byte[]> entries = Samples.entries(Pickle.stateDict(2, 0, of(2), of(1)), big);
    entries.put("a/byteorder", "big".getBytes(StandardCharsets.US_ASCII));

    assertValues(Weights.load(zip(directory, entries)), "w", new int[] {2}, 1.5f, -2f);
    entries.put("a/byteorder", "middle".getBytes(StandardCharsets.US_ASCII));
    assertRefused(zip(directory, entries), "'middle'");
  }

  @Test
  void storagesMustBeThere() throws IOException {
    Map<String, byte[]> entries = Samples.entries(Pickle.stateDict(6, 0, of(6), of(1)), SIX);
    entries.remove("a/data/0");
    assertRefused(zip(directory, entries), "no storage '0'");
    entries.put("data/0", SIX);
    entries.put("../a/data/0", SIX);
    assertRefused(zip(directory, entries), "no storage '0'");
    Pickle escaping =
        new Pickle()
            .proto(2)
            .op("}")
            .text("w")
            .global("torch._utils", "_rebuild_tensor_v2")
            .op("(")
            .storage("FloatStorage", "../../../../etc/passwd", 6)
            .op("K\u0000")
            .tuple(6)
            .tuple(1)
            .op("\u0089NtRs.");
    assertRefused(zip(directory, escaping, SIX), "no storage '../../");
  }

  @Test
  void zipsMustBeOfPyTorch() throws IOException {
    Pickle good = Pickle.stateDict(6, 0, of(6), of(1));
    assertRefused(zip(directory, Map.of("readme.txt", SIX)), "0 entries NAME/data.pkl");
    assertRefused(
        zip(directory, Map.of("a/data.pkl", good.bytes(), "b/data.pkl", good.bytes())),
        "2 entries");
    assertRefused(zip(directory, Map.of("a/b/data.pkl", good.bytes())), "0 entries");
    Map<String, byte[]> entries = Samples.entries(good, SIX);
    entries.put("a/version", "99\n".getBytes(StandardCharsets.US_ASCII));
    assertRefused(zip(directory, entries), "'99'");
    entries.put("a/constants.pkl", good.bytes());
    assertRefused(zip(directory, entries), "TorchScript");
  }

  @Test
  void compressedEntriesAreRefusedUnread() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      zip.write(Pickle.stateDict(1 << 24, 0, of(1 << 24), of(1)).bytes());
      zip.putNextEntry(new ZipEntry("a/data/0"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        zip.write(zeros);
      }
    }
    assertRefused(Files.write(directory.resolve("bomb.pth"), bytes.toByteArray()), "compressed");
  }

  @Test
  void entriesMustHaveOneNameEach() throws IOException {
    Map<String, byte[]> entries = Samples.entries(Pickle.stateDict(6, 0, of(6), of(1)), SIX);
    entries.put("a/data/1", SIX);
    byte[] file = Files.readAllBytes(zip(directory, entries));
    String text = new String(file, StandardCharsets.ISO_8859_1).replace("a/data/1", "a/data/0");
    Path twice = directory.resolve("twice.pth");
    Files.write(twice, text.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(twice, "two entries 'a/data/0'");
  }

  @Test
  void entriesThatReachPastTheFileAreRefused() throws IOException {
    byte[] file = Files.readAllBytes(zip(directory, Pickle.stateDict(6, 0, of(6), of(1)), SIX));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 46 < file.length; at++) {
      if (bytes.getInt(at) == 0x02014b50) { // an entry of the central directory
        byte[] longer = file.clone();
        ByteBuffer.wrap(longer)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .putInt(at + 20, 0x7ffffff0)
            .putInt(at + 24, 0x7ffffff0);
        Path path = Files.write(directory.resolve("longer.pth"), longer);
        assertRefused(path);
      }
    }
  }
}
