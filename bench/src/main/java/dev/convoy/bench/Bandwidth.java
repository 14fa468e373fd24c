package dev.convoy.bench;

import dev.convoy.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast a level of the memory hierarchy is.
 *
 * @param level {@code L1}, {@code L2}, … or {@code DRAM}
 * @param gbPerSecond read by all threads together
 */
record Bandwidth(String level, double gbPerSecond) {
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final long MEMORY_BYTES = 96L << 20;
  private static final double SECONDS = 0.2;

  /** Every level of data caches that the system tells about, then memory. */
  static List<Bandwidth> measure(CpuBackend backend, int threads) {
    List<Bandwidth> levels = new ArrayList<>();
    List<Long> caches = cacheBytes();
    for (int i = 0; i < caches.size(); i++) {
      // the levels from the third on are shared
      long share = i < 2 ? caches.get(i) : caches.get(i) / threads;
      levels.add(new Bandwidth("L" + (i + 1), read(backend, share / 2, threads)));
    }
    long largest = caches.isEmpty() ? 0 : Collections.max(caches);
    levels.add(new Bandwidth("DRAM", read(backend, Math.max(MEMORY_BYTES, 3 * largest), threads)));
    return levels;
  }

  private static List<Long> cacheBytes() {
    List<Long> bytes = new ArrayList<>();
    try {
      for (int index = 0; Files.exists(CACHES.resolve("index" + index)); index++) {
        Path cache = CACHES.resolve("index" + index);
        if (!Files.readString(cache.resolve("type")).strip().equals("Instruction")) {
          String size = Files.readString(cache.resolve("size")).strip();
          bytes.add(Long.parseLong(size.substring(0, size.length() - 1)) << 10); // as in 32K
        }
      }
    } catch (IOException | NumberFormatException e) {
      return List.of(); // a system without such files: memory must do
    }
    return bytes;
  }

  private static double read(CpuBackend backend, long bytes, int threads) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Double>> speeds = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        speeds.add(executor.submit(() -> backend.measureReading(bytes, SECONDS)));
      }
      double sum = 0;
      for (Future<Double> speed : speeds) {
        sum += speed.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while measuring memory", e);
    } catch (ExecutionException e) {
      throw new BenchException("memory cannot be measured: " + e.getCause(), e);
    } finally {
      executor.shutdown();
    }
  }
}
