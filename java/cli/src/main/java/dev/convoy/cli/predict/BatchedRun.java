package dev.convoy.cli.predict;

import dev.convoy.cli.Progress;
import dev.convoy.models.Classifier;
import dev.convoy.models.Prediction;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes decoded files, runs them through the network batch by batch, and writes what comes out. */
final class BatchedRun {
  private final Classifier classifier;
  private final int maxBatch;
  private final int top;
  private final DecodeAhead source;
  private final PredictionWriter writer;
  private final Progress progress;
  private final PrintWriter out;
  private final PrintWriter err;
  private final int inputSize;
  private final float[] input;
  private final List<Path> batch = new ArrayList<>();

  BatchedRun(
      Classifier classifier,
      int maxBatch,
      int top,
      DecodeAhead source,
      PredictionWriter writer,
      Progress progress,
      PrintWriter out,
      PrintWriter err) {
    this.classifier = classifier;
    this.maxBatch = maxBatch;
    this.top = top;
    this.source = source;
    this.writer = writer;
    this.progress = progress;
    this.out = out;
    this.err = err;
    this.inputSize = classifier.model().input().intSize();
    this.input = new float[Math.multiplyExact(maxBatch, inputSize)];
  }

  /**
   * Returns how many files could not be read. Ends early when nobody reads the results any more.
   */
  int run() throws InterruptedException {
    int failed = 0;
    long done = 0;
    for (DecodeAhead.Result result = source.next(); result != null; result = source.next()) {
      if (result instanceof DecodeAhead.Ready ready) {
        System.arraycopy(ready.input(), 0, input, batch.size() * inputSize, inputSize);
        batch.add(ready.file());
      } else if (result instanceof DecodeAhead.Failed failure) {
        failed++;
        report(failure.reason());
      }
      if (batch.size() == maxBatch && !flush()) {
        return failed;
      }
      progress.reach(++done);
    }
    flush();
    return failed;
  }

  private void report(String reason) {
    progress.above(
        () -> {
          err.println("convoy: " + PredictionTable.printable(reason));
          err.flush();
        });
  }

  /** Runs what has gathered; false if the results cannot be written any more. */
  private boolean flush() {
    if (batch.isEmpty()) {
      return true;
    }
    List<Prediction> predictions = classifier.predict(batch.size(), input);
    progress.above(
        () -> {
          for (int i = 0; i < predictions.size(); i++) {
            writer.write(batch.get(i).toString(), predictions.get(i).top(top));
          }
          out.flush();
        });
    batch.clear();
    return !out.checkError();
  }
}
