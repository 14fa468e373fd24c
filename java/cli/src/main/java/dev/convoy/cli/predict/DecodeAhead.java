package dev.convoy.cli.predict;

import dev.convoy.ConvoyException;
import dev.convoy.vision.Image;
import dev.convoy.vision.Preprocessing;
import dev.convoy.vision.ReadOptions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and preprocesses files on threads of its own, a bounded number of files ahead of whoever
 * takes them, and hands them over in order. However many files there are, memory holds one decoded
 * image for each thread and one network input for each file of the window. For one taker.
 */
final class DecodeAhead implements AutoCloseable {
  /** A file that became the network's input, or did not. */
  sealed interface Result permits Ready, Failed {
    Path file();
  }

  /**
   * @param input CHW floats, as the recipe makes them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Ready(Path file, float[] input) implements Result {}

  /**
   * @param reason a message that names the file
   */
  record Failed(Path file, String reason) implements Result {}

  private final Iterator<Path> files;
  private final Preprocessing recipe;
  private final ReadOptions options;
  private final int window;
  private final ExecutorService threads;
  private final Queue<Future<Result>> inFlight = new ArrayDeque<>();

  /**
   * @param window how many files may be under way or waiting to be taken
   */
  DecodeAhead(
      List<Path> files, Preprocessing recipe, ReadOptions options, int threads, int window) {
    this.files = files.iterator();
    this.recipe = recipe;
    this.options = options;
    this.window = window;
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "convoy-decode");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The next file in order, or null behind the last one. Waits for it. */
  @Nullable Result next() throws InterruptedException {
    while (inFlight.size() < window && files.hasNext()) {
      Path file = files.next();
      inFlight.add(threads.submit(() -> decode(file)));
    }
    Future<Result> first = inFlight.poll();
    if (first == null) {
      return null;
    }
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Result decode(Path file) {
    try {
      float[] input = new float[recipe.outputShape().intSize()];
      recipe.apply(Image.read(file, options), input, 0);
      return new Ready(file, input);
    } catch (ConvoyException e) {
      String message = String.valueOf(e.getMessage());
      return new Failed(file, message.contains(file.toString()) ? message : file + ": " + message);
    } catch (OutOfMemoryError e) {
      return new Failed(
          file, file + ": does not fit in Java's memory; allow more with JAVA_OPTS=-Xmx…");
    } catch (RuntimeException e) {
      return new Failed(file, file + ": cannot be decoded, by a defect of Convoy: " + e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
