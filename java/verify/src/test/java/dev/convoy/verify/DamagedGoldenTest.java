package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedGoldenTest {
  @TempDir Path folder = Path.of("");

  /** The message of the exception that opening a file of these bytes throws. */
  private String open(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("golden"), bytes);
    return message(file);
  }

  private static String message(Path file) {
    return String.valueOf(
        assertThrows(GoldenException.class, () -> GoldenSuite.open(file)).getMessage());
  }

  private String open(String text) throws IOException {
    return open(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void missingFile() {
    String message = message(folder.resolve("absent.json"));

    assertTrue(message.contains("absent.json; check the path"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "hello world", "{\"a\":1}", "{\"a\":1}{\"a\":2}", "conv 0"})
  void notAGoldenFile(String text) throws IOException {
    assertTrue(open(text).contains("no golden file of a known kind"));
  }

  @Test
  void notText() throws IOException {
    assertTrue(open(new byte[] {(byte) 0xFF, 0, 1}).contains("not UTF-8"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"abs\":2463.9426 | \"abs\":-1 | line 1: out y abs must be a number of at least 0, got -1",
        "\"abs\":2463.9426 | \"abs\":\"x\" | abs must be a number, got x",
        "\"abs\":2463.9426 | \"abs\":1e999 | abs must be a number, got Infinity",
        "\"abs\":2463.9426, | '' | out y 'abs' is missing",
        "\"x\":[1,3,23,19] | \"x\":[1,3,23,0] | inputs x must be dimensions of at least 1",
        "\"x\":[1,3,23,19] | \"x\":[99999,99999,99999,99999] | inputs x must be dimensions",
        "\"x\":[1,3,23,19] | \"x\":[] | inputs x must be at least one dimension",
        "\"x\":[1,3,23,19] | \"x\":[1,3,23,1e1] | inputs x [3] must be a 32-bit integer",
        "\"idx\":[0,287 | \"idx\":[0,28700000 | idx must be positions from 0 to 3495",
        "\"idx\":[0,287 | \"idx\":[0 | val must be a list as long as idx (15)",
        "\"id\":\"conv2d/001\" | \"id\":\"a\",\"id\":\"b\" | Duplicate",
      })
  void damagedLayer(String from, String to, String message) throws IOException {
    String text = Goldens.text("layers/conv2d.jsonl");
    assertTrue(text.contains(from), from);
    String tampered = text.replaceFirst(java.util.regex.Pattern.quote(from), to);

    String actual = open(tampered);

    assertTrue(actual.contains(message), actual);
  }

  @ParameterizedTest
  @CsvSource({
    "models/lenet5.json,61",
    "models/yolov8n.json,997",
    "layers/shape.jsonl,53",
    "counts.json,307",
    "vectors.json,101",
    "train/lenet5.json,211"
  })
  void truncatedAnywhere(String name, int step) {
    byte[] whole = Goldens.text(name).strip().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length += step) {
      byte[] part = Arrays.copyOf(whole, length);
      if (length == 0 || part[length - 1] != '\n') { // else whole lines, a smaller file
        Path file = folder.resolve("golden");
        assertThrows(GoldenException.class, () -> GoldenSuite.parse(file, part));
      }
    }
  }

  /** Whatever byte is damaged, the file opens, or says what is wrong with it. */
  @ParameterizedTest
  @ValueSource(strings = {"models/lenet5.json", "layers/shape.jsonl", "vectors.json"})
  void anyByteDamaged(String name) {
    byte[] whole = Goldens.text(name).getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("golden");
    int opened = 0;
    int refused = 0;
    for (int at = 0; at < whole.length; at += 7) {
      for (char damage : new char[] {'0', '-', '"', '}', '\0'}) {
        byte[] damaged = whole.clone();
        damaged[at] = (byte) damage;
        try {
          GoldenSuite.parse(file, damaged);
          opened++;
        } catch (GoldenException e) {
          refused++;
        }
      }
    }
    assertTrue(opened > 0 && refused > 0, () -> "damage has no effect in " + name);
  }
}
