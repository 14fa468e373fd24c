package dev.convoy.bench;

import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.models.Catalog;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** JMH: a whole network, from arrays to arrays. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class NetworkBenchmark {
  @Param({"lenet5", "resnet50", "mobilenet_v2"})
  private String network = "lenet5";

  @Param({"1", "8"})
  private int batch = 1;

  @Param("1")
  private int threads = 1;

  @SuppressWarnings("NullAway.Init") // open
  private ConvoyRunner runner;

  @Setup
  public void open() {
    runner =
        new ConvoyRunner(
            Workload.of(Catalog.find(network)),
            CpuBackend.create(),
            new CompileOptions(batch, Mode.FAST, threads));
  }

  @Benchmark
  public float[][] run() {
    runner.run();
    return runner.outputs();
  }

  @TearDown
  public void close() {
    runner.close();
  }
}
