package dev.convoy.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UseGateTest {
  @Test
  void closingWaitsForThoseInside() throws InterruptedException {
    UseGate gate = new UseGate("the thing");
    AtomicBoolean closed = new AtomicBoolean();
    CountDownLatch closing = new CountDownLatch(1);
    gate.enter();
    Thread closer =
        new Thread(
            () -> {
              closing.countDown();
              gate.close();
              closed.set(true);
            });
    closer.start();
    closing.await();
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertFalse(closed.get());
    IllegalStateException refused = assertThrows(IllegalStateException.class, gate::enter);
    assertEquals("the thing was closed: it cannot be used any more", refused.getMessage());
    gate.leave();
    closer.join();
    assertTrue(closed.get());
  }

  @Test
  void onlyTheFirstCloseCounts() {
    UseGate gate = new UseGate("the thing");
    assertTrue(gate.close());
    assertFalse(gate.close());
  }
}
