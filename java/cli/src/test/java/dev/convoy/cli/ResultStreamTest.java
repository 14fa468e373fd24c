package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResultStreamTest {
  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  private static int statusAfterWriting(OutputStream target) {
    ResultStream stream = new ResultStream(target);
    PrintWriter writer = new PrintWriter(stream, true, StandardCharsets.UTF_8);
    writer.println("a row");
    return stream.status(ExitStatus.OK);
  }

  @Test
  void aReaderThatLeavesIsNoFailure() {
    assertEquals(ExitStatus.OK, statusAfterWriting(failing("Broken pipe")));
  }

  @Test
  void aFullDiskIs() {
    assertEquals(ExitStatus.FAILED, statusAfterWriting(failing("No space left on device")));
  }

  @Test
  void passesBytesOn() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertEquals(ExitStatus.OK, statusAfterWriting(bytes));
    assertTrue(bytes.toString(StandardCharsets.UTF_8).startsWith("a row"));
  }
}
