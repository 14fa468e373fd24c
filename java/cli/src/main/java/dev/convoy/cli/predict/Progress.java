package dev.convoy.cli.predict;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar on a terminal's last line while work is long: at once for many files, else after two
 * seconds. Lines are printed {@link #above} it.
 */
final class Progress implements AutoCloseable {
  private static final int MANY = 20;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter terminal;
  private final boolean wanted;
  private final long total;
  private final long start = System.nanoTime();
  private @Nullable ProgressBar bar;
  private boolean closed;

  /**
   * @param terminal where the bar is drawn
   * @param isTerminal whether that is one; without one there is no bar
   */
  Progress(PrintWriter terminal, boolean isTerminal, long total) {
    this.terminal = terminal;
    this.wanted = isTerminal;
    this.total = total;
  }

  /** So many files are done. */
  void reach(long done) {
    if (bar == null && wanted && (total > MANY || System.nanoTime() - start > PATIENCE_NANOS)) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("predict")
              .setInitialMax(total)
              .setUnit(" files", 1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new DelegatingProgressBarConsumer(this::draw))
              .build();
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  /** Prints lines to the terminal without the bar between them. */
  synchronized void above(Runnable print) {
    if (bar != null) {
      terminal.print(CLEAR_LINE);
      terminal.flush();
    }
    print.run();
  }

  private synchronized void draw(String line) {
    if (!closed) {
      terminal.print(CLEAR_LINE + line);
      terminal.flush();
    }
  }

  @Override
  public void close() {
    above(() -> closed = true);
    if (bar != null) {
      bar.close();
    }
  }
}
