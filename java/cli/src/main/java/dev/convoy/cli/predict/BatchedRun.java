package dev.convoy.cli.predict;

import dev.convoy.Printable;
import dev.convoy.cli.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes decoded files, has batches of them computed, and has what comes out written. */
final class BatchedRun {
  private final BatchWork work;
  private final int maxBatch;
  private final DecodeAhead source;
  private final Progress progress;
  private final PrintWriter out;
  private final PrintWriter err;
  private final int inputSize;
  private final float[] input;
  private final List<Path> batch = new ArrayList<>();
  private int failed;

  BatchedRun(
      BatchWork work,
      int inputSize,
      int maxBatch,
      DecodeAhead source,
      Progress progress,
      PrintWriter out,
      PrintWriter err) {
    this.work = work;
    this.inputSize = inputSize;
    this.maxBatch = maxBatch;
    this.source = source;
    this.progress = progress;
    this.out = out;
    this.err = err;
    this.input = new float[Math.multiplyExact(maxBatch, inputSize)];
  }

  /**
   * Returns how many files could not be read or gave no numbers. Ends early when nobody reads the
   * results any more.
   */
  int run() throws InterruptedException {
    long done = 0;
    for (DecodeAhead.Result result = source.next(); result != null; result = source.next()) {
      if (result instanceof DecodeAhead.Ready ready) {
        System.arraycopy(ready.input(), 0, input, batch.size() * inputSize, inputSize);
        batch.add(ready.file());
      } else if (result instanceof DecodeAhead.Failed failure) {
        fail(failure.reason());
      }
      if (batch.size() == maxBatch && !flush()) {
        return failed;
      }
      progress.reach(++done);
    }
    flush();
    return failed;
  }

  private void fail(String reason) {
    failed++;
    progress.above(
        () -> {
          err.println("convoy: " + Printable.of(reason));
          err.flush();
        });
  }

  /** Runs what has gathered; false if the results cannot be written any more. */
  private boolean flush() {
    if (batch.isEmpty()) {
      return true;
    }
    BatchWork.Results results = work.compute(batch.size(), input);
    for (int i = 0; i < batch.size(); i++) {
      int image = i;
      String file = batch.get(i).toString();
      if (results.areFinite(image)) {
        progress.above(() -> results.write(image, file));
      } else {
        fail(file + ": the network gives NaN or infinity; check the weights");
      }
    }
    progress.above(out::flush);
    batch.clear();
    return !out.checkError();
  }
}
