package dev.convoy.cli;

import dev.convoy.models.download.Listener;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Shows a download: a bar on a terminal, and a line for what a person should know. */
final class DownloadProgress implements Listener, AutoCloseable {
  private final PrintWriter terminal;
  private @Nullable Progress progress;

  DownloadProgress(PrintWriter terminal) {
    this.terminal = terminal;
  }

  @Override
  public void reached(long bytes, long total) {
    if (progress == null) {
      progress = Progress.ofBytes(terminal, Terminal.isError(), "download", total);
    }
    progress.reach(bytes);
  }

  @Override
  public void note(String what) {
    Runnable line =
        () -> {
          terminal.println("convoy: " + what);
          terminal.flush();
        };
    if (progress == null) {
      line.run();
    } else {
      progress.above(line);
    }
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
