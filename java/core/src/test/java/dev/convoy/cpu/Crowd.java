package dev.convoy.cpu;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Network;
import dev.convoy.plan.Plan;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Many threads that run one plan at the same time. */
final class Crowd {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final Network NETWORK =
      Network.of(
          Shape.chw(32, 28, 28),
          net ->
              net.conv("a", Conv2d.of(64, 3).padding(1))
                  .conv("b", 64, 1)
                  .flatten()
                  .linear("c", 10));

  private final int callers;

  private Crowd(int callers) {
    this.callers = callers;
  }

  static Crowd of(int callers) {
    return new Crowd(callers);
  }

  /** A network that keeps all threads of a run busy. */
  static Plan plan(Backend backend) {
    return Plan.compile(
        NETWORK.graph(),
        GoldenNumbers.of(NETWORK.graph(), 1, Map.of()),
        backend,
        CompileOptions.DEFAULT);
  }

  /**
   * Has every caller run the plan three times.
   *
   * @return how many threads the process then has beyond those from before the runs
   * @throws ExecutionException for what a caller met
   */
  long run(Plan plan) throws IOException, InterruptedException, ExecutionException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(callers);
    CountDownLatch leave = new CountDownLatch(1);
    List<FutureTask<Void>> calls = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      FutureTask<Void> call = new FutureTask<>(() -> call(plan, go, done, leave), null);
      calls.add(call);
      new Thread(call).start();
    }
    long further;
    try {
      long before = threads("");
      go.countDown();
      done.await();
      further = threads("") - before;
    } finally {
      go.countDown();
      leave.countDown();
    }
    for (FutureTask<Void> call : calls) {
      call.get();
    }
    return further;
  }

  private static void call(
      Plan plan, CountDownLatch go, CountDownLatch done, CountDownLatch leave) {
    float[][] input = {new float[NETWORK.input().intSize()]};
    float[][] output = {new float[NETWORK.output().intSize()]};
    try {
      go.await();
      try {
        for (int i = 0; i < 3; i++) {
          plan.run(1, input, output);
        }
      } finally {
        done.countDown();
      }
      leave.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** This process's threads whose names begin so. */
  static long threads(String name) throws IOException {
    try (Stream<Path> tasks = Files.list(TASKS)) {
      return tasks.filter(task -> nameOf(task).startsWith(name)).count();
    }
  }

  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
