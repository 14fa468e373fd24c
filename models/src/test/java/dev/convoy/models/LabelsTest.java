package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("labels.txt"), text);
  }

  private static String refusal(Path file) {
    ConvoyException refused = assertThrows(ConvoyException.class, () -> Labels.read(file));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("labels file " + file + ": "), message);
    return message;
  }

  @Test
  void readsALabelALine() throws IOException {
    assertEquals(List.of("tulip", "wild rose"), Labels.read(file("tulip\nwild rose\n")).names());
    assertEquals(
        List.of("tulipán", "rose"), Labels.read(file("\uFEFFtulipán\r\n rose \r\n\r\n")).names());
  }

  @Test
  void refusesWhatIsNoListOfLabels() throws IOException {
    assertTrue(refusal(file("tulip\n\nrose\n")).contains("line 2 is empty"));
    assertTrue(refusal(folder.resolve("missing.txt")).contains("there is no such file"));
    Path binary = Files.write(folder.resolve("photo.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8});
    assertTrue(refusal(binary).contains("no UTF-8 text"));
    assertTrue(refusal(file("")).contains("no names"));
    assertTrue(refusal(folder).contains("cannot be read"));
  }

  @Test
  void refusesLessThanOneClass() {
    assertEquals(
        "there must be at least 1 class, got -1",
        assertThrows(ConvoyException.class, () -> Models.lenet5().withClasses(-1)).getMessage());
  }
}
