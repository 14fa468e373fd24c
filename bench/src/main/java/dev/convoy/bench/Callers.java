package dev.convoy.bench;

import dev.convoy.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Java threads that run one plan again and again at the same time, on the same images. */
final class Callers {
  private static final Path TASKS = Path.of("/proc/self/task");

  private final WorkOptions.Case one;
  private final Plan plan;
  private final int count;

  Callers(WorkOptions.Case one, Plan plan, int count) {
    this.one = one;
    this.plan = plan;
    this.count = count;
  }

  /** Has all of them run for so many seconds. */
  CallersRow measure(double seconds) {
    long nanos = (long) (seconds * 1e9);
    CyclicBarrier start = new CyclicBarrier(count + 1);
    float[][] inputs = one.workload().inputs(one.batch());
    ExecutorService pool = Executors.newFixedThreadPool(count);
    try {
      List<Future<double[]>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        float[][] outputs = one.workload().outputs(one.batch());
        calls.add(pool.submit(() -> run(inputs, outputs, start, nanos)));
      }
      start.await();
      long begin = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(nanos / 2);
      long otherThreads = processThreads() - count;
      Samples millis = new Samples();
      for (Future<double[]> call : calls) {
        for (double run : call.get()) {
          millis.add(run);
        }
      }
      double taken = (System.nanoTime() - begin) * 1e-9;
      double[] all = millis.toArray();
      return new CallersRow(
          one.workload().name(),
          one.batch(),
          one.threads(),
          count,
          one.batch() * all.length / taken,
          Statistics.percentile(50, all),
          Statistics.percentile(99, all),
          all.length,
          otherThreads);
    } catch (ExecutionException e) {
      throw new BenchException(one + ": a caller failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    } catch (BrokenBarrierException e) {
      throw new BenchException(one + ": a caller failed before the start", e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** One of them; the milliseconds of its runs. */
  private double[] run(float[][] inputs, float[][] outputs, CyclicBarrier start, long nanos)
      throws InterruptedException, BrokenBarrierException {
    start.await();
    Samples millis = new Samples();
    long end = System.nanoTime() + nanos;
    for (long before = System.nanoTime(); before < end; ) {
      plan.run(one.batch(), inputs, outputs);
      long after = System.nanoTime();
      millis.add((after - before) * 1e-6);
      before = after;
    }
    return millis.toArray();
  }

  private static long processThreads() {
    try (Stream<Path> tasks = Files.list(TASKS)) {
      return tasks.count();
    } catch (IOException e) {
      throw new BenchException("this process's threads cannot be counted: " + e, e);
    }
  }
}
