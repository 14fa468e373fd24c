package dev.convoy.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it failed: {@code PrintWriter} only knows that it did. */
final class ResultStream extends FilterOutputStream {
  private @Nullable IOException failure;

  ResultStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /**
   * The status of a command that ended with {@code status}. A reader that has seen enough ({@code |
   * head}) is no failure; a full disk is, and is reported.
   */
  int status(int status) {
    if (failure == null
        || String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
      return status;
    }
    System.err.println("convoy: the results cannot be written: " + failure.getMessage());
    return ExitStatus.FAILED;
  }
}
