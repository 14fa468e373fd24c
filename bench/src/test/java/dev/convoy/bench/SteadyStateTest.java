package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.models.Architecture;
import dev.convoy.models.Models;
import dev.convoy.plan.Backends;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of the native backend allocate nothing and hold on to nothing. */
final class SteadyStateTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** What compiler threads and the collector may take meanwhile. */
  private static final long SLACK_KILOBYTES = 16 * 1024;

  @BeforeEach
  void assumeNative() {
    assumeFalse(Boolean.getBoolean("convoy.native.skip"), "built with -Dnative.skip");
  }

  private static ConvoyRunner open(Architecture network) {
    return open(network, CpuBackend.create());
  }

  private static ConvoyRunner open(Architecture network, Backend backend) {
    return new ConvoyRunner(Workload.of(network), backend, CompileOptions.DEFAULT);
  }

  private static void run(ConvoyRunner runner, int times) {
    for (int i = 0; i < times; i++) {
      runner.run();
    }
  }

  @Test
  void aRunAllocatesNothingOnTheJavaHeap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported(), "this JVM does not count allocations");
    try (ConvoyRunner lenet = open(Models.lenet5())) {
      run(lenet, 500);
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      run(lenet, 500);
      assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
    }
  }

  @Test
  void javaCppPointersOwnNoMemory() {
    long tracked = Pointer.totalBytes();
    long count = Pointer.totalCount();
    try (ConvoyRunner lenet = open(Models.lenet5())) {
      run(lenet, 10);
      assertEquals(tracked, Pointer.totalBytes());
      assertEquals(count, Pointer.totalCount());
    }
  }

  @Test
  void memoryStaysFlatOverTenThousandRunsOfLenet() throws IOException {
    staysFlat(open(Models.lenet5()), 1_000, 10_000);
  }

  /** oneDNN makes a list of arguments for every task, and has to let go of it. */
  @ParameterizedTest
  @ValueSource(strings = {"onednn", "openblas"})
  void memoryStaysFlatWithAccelerators(String backend) throws IOException {
    staysFlat(open(Models.lenet5(), Backends.named(backend)), 1_000, 4_000);
  }

  @Test
  @Tag("slow")
  void memoryStaysFlatOverTwoHundredRunsOfResnet18() throws IOException {
    staysFlat(open(Models.resnet18()), 10, 200);
  }

  private static void staysFlat(ConvoyRunner opened, int warmUps, int runs) throws IOException {
    try (ConvoyRunner runner = opened) {
      assumeTrue(Files.exists(STATUS), "this system does not tell the resident set's size");
      run(runner, warmUps);
      System.gc();
      long before = residentKilobytes();
      run(runner, runs);
      long grown = residentKilobytes() - before;
      assertTrue(grown < SLACK_KILOBYTES, "the resident set grew by " + grown + " kB");
    }
  }

  private static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }
}
