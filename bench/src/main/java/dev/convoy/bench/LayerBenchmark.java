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

/**
 * JMH: a convolution of a network, with the reorders and copies at its edges. {@code bench compare
 * --layers} measures without them and beside peers; this is for looking at one layer closely.
 */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {
  @Param("resnet50")
  private String network = "resnet50";

  /** A name in {@code bench/shapes}. */
  @Param({"layer1.0.conv2", "layer3.0.conv3"})
  private String layer = "layer1.0.conv2";

  @Param({"1", "16"})
  private int batch = 1;

  @Param("1")
  private int threads = 1;

  @SuppressWarnings("NullAway.Init") // open
  private ConvoyRunner runner;

  @Setup
  public void open() {
    ConvShape shape =
        ConvShape.of(Catalog.find(network).network().graph()).stream()
            .filter(s -> s.name().equals(layer))
            .findFirst()
            .orElseThrow(() -> new BenchException(network + " has no convolution " + layer));
    runner =
        new ConvoyRunner(
            Workload.of(layer, shape.network()),
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
