package dev.convoy.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar on a terminal's last line while work is long: at once where that is known beforehand, else
 * after two seconds. Lines are printed {@link #above} it.
 */
public final class Progress implements AutoCloseable {
  private static final int MANY_FILES = 20;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter terminal;
  private final boolean wanted;
  private final ProgressBarBuilder builder;
  private final boolean atOnce;
  private final long start = System.nanoTime();
  private @Nullable ProgressBar bar;
  private boolean closed;

  private Progress(
      PrintWriter terminal, boolean wanted, boolean atOnce, ProgressBarBuilder builder) {
    this.terminal = terminal;
    this.wanted = wanted;
    this.atOnce = atOnce;
    this.builder =
        builder
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setConsumer(new DelegatingProgressBarConsumer(this::draw));
  }

  /**
   * Over so many files.
   *
   * @param terminal where the bar is drawn
   * @param isTerminal whether that is one; without one there is no bar
   */
  public static Progress ofFiles(
      PrintWriter terminal, boolean isTerminal, String task, long files) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder().setTaskName(task).setInitialMax(files).setUnit(" files", 1);
    return new Progress(terminal, isTerminal, files > MANY_FILES, builder);
  }

  /** Over so many bytes, -1 if nobody knows. */
  public static Progress ofBytes(
      PrintWriter terminal, boolean isTerminal, String task, long bytes) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(bytes)
            .setUnit(" MiB", 1 << 20)
            .showSpeed();
    return new Progress(terminal, isTerminal, true, builder);
  }

  /** So much is done. */
  public void reach(long done) {
    if (bar == null && wanted && (atOnce || System.nanoTime() - start > PATIENCE_NANOS)) {
      bar = builder.build();
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  /** Prints lines to the terminal without the bar between them. */
  public synchronized void above(Runnable print) {
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
