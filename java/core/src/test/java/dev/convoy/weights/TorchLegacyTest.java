package dev.convoy.weights;

import static dev.convoy.weights.Samples.assertRefused;
import static dev.convoy.weights.Samples.assertValues;
import static dev.convoy.weights.Samples.floats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLegacyTest {
  private static final byte[] SIX = floats(0, 1, 2, 3, 4, 5);

  @TempDir Path directory = Path.of("");

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    file.writeBytes(
        new Pickle().proto(2).op("\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.").bytes());
    file.writeBytes(new Pickle().proto(2).op("M\u00e9\u0003.").proto(2).op("}.").bytes());
  }

  /** A float tensor of six over storage 's', or over a part of it. */
  private TorchLegacyTest tensor(String view, int count) {
    file.writeBytes(
        new Pickle()
            .proto(2)
            .op("}")
            .text("w")
            .global("torch._utils", "_rebuild_tensor")
            .op("((")
            .text("storage")
            .global("torch.cuda", "FloatStorage")
            .text("s")
            .text("cuda:0")
            .integer(6)
            .op(view)
            .op("tQK\u0001K" + (char) count + "\u0085K\u0001\u0085tRs.")
            .bytes());
    return this;
  }

  private TorchLegacyTest keys(String... keys) {
    Pickle list = new Pickle().proto(2).op("](");
    for (String key : keys) {
      list.text(key);
    }
    file.writeBytes(list.op("e.").bytes());
    return this;
  }

  private TorchLegacyTest storage(long count, byte[] data) {
    file.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array());
    file.writeBytes(data);
    return this;
  }

  private Path made() throws IOException {
    return Files.write(directory.resolve("legacy.pth"), file.toByteArray());
  }

  @Test
  void aTensorOfAWholeStorage() throws IOException {
    Path made = tensor("N", 2).keys("s").storage(6, SIX).made();
    assertValues(Weights.load(made), "w", new int[] {2}, 1, 2);
  }

  @Test
  void aTensorOfAViewOfAStorage() throws IOException {
    Path made =
        tensor("(X\u0001\u0000\u0000\u0000vK\u0002K\u0003t", 2).keys("s").storage(6, SIX).made();
    assertValues(Weights.load(made), "w", new int[] {2}, 3, 4);
  }

  @Test
  void aViewMayNotBeLeft() throws IOException {
    assertRefused(
        tensor("(X\u0001\u0000\u0000\u0000vK\u0002K\u0002t", 2).keys("s").storage(6, SIX).made(),
        "reaches past its storage of 2 elements");
  }

  @Test
  void aViewLiesInItsStorage() throws IOException {
    assertRefused(
        tensor("(X\u0001\u0000\u0000\u0000vK\u0004K\u0003t", 2).keys("s").storage(6, SIX).made(),
        "the view of storage 's'");
  }

  @Test
  void anotherCountIsRefused() throws IOException {
    assertRefused(tensor("N", 2).keys("s").storage(5, SIX).made(), "holds 5 elements, 6");
  }

  @Test
  void missingBytesAreRefused() throws IOException {
    assertRefused(
        tensor("N", 2).keys("s").storage(6, floats(0, 1, 2, 3, 4)).made(),
        "needs 24 bytes, 20 are left");
  }

  @Test
  void bytesBehindTheEndAreRefused() throws IOException {
    assertRefused(
        tensor("N", 2).keys("s").storage(6, SIX).storage(6, SIX).made(),
        "32 bytes are left behind");
  }

  @Test
  void everyStorageIsListedOnce() throws IOException {
    assertRefused(tensor("N", 2).keys().made(), "1 storages are used, 0 are there");
  }

  @Test
  void noStorageIsListedTwice() throws IOException {
    assertRefused(
        tensor("N", 2).keys("s", "s").storage(6, SIX).storage(6, SIX).made(), "names 's'");
  }

  @Test
  void unknownStoragesAreRefused() throws IOException {
    assertRefused(tensor("N", 2).keys("z").storage(6, SIX).made(), "names 'z'");
  }
}
