package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class MeasurementTest {
  private final List<String> turns = new ArrayList<>();

  /** Sleeps, and notes when its turn begins. */
  private final class Sleeper implements Runner {
    private final String name;

    Sleeper(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void run() {
      if (turns.isEmpty() || !turns.get(turns.size() - 1).equals(name)) {
        turns.add(name);
      }
      LockSupport.parkNanos(5_000_000);
    }

    @Override
    public float[][] outputs() {
      return new float[0][];
    }

    @Override
    public void close() {}
  }

  @Test
  void runnersTakeTurnsInAnOrderThatAlternates() {
    List<Measurement> both = Measurement.of(List.of(new Sleeper("a"), new Sleeper("b")), 4, 0.01);
    // Warm-up a b, then rounds a b | b a | a b: equal neighbours are one entry.
    assertEquals(List.of("a", "b", "a", "b", "a", "b"), turns.subList(0, 6));
    assertEquals(both.get(0).rounds(), both.get(1).rounds());
    assertEquals(both.get(0).rounds(), both.get(0).ratios(both.get(1)).length);
  }

  @Test
  void imagesPerSecondCountTheBatch() {
    Measurement one = Measurement.of(List.of(new Sleeper("a")), 4, 0.01).get(0);
    assertTrue(one.rounds() >= 3);
    double fromLatency = 4 / Statistics.median(one.latencies());
    assertTrue(one.median() > 0 && one.median() <= 4 / 0.005, one.median() + " images/s");
    assertTrue(one.latencyMillis(50) >= 5, one.latencyMillis(50) + " ms");
    assertTrue(one.latencyMillis(99) >= one.latencyMillis(50));
    assertTrue(fromLatency > 0);
  }

  @Test
  void medianIsThatOfTheRounds() {
    Measurement speeds = new Measurement(new double[] {10, 30, 20}, new double[] {0.1, 0.2, 0.3});
    assertEquals(20, speeds.median());
    assertEquals(200, speeds.latencyMillis(50), 1e-9);
  }
}
