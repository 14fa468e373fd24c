package dev.convoy.plan;

/**
 * Counts the users of something that will be closed: closing waits until the last one has left, and
 * nobody enters afterwards. Thread-safe; entering and leaving allocate nothing.
 */
final class UseGate {
  private final String what;
  private int inside;
  private boolean closed;

  UseGate(String what) {
    this.what = what;
  }

  /** Throws {@link IllegalStateException} once {@link #close} was called. */
  synchronized void enter() {
    if (closed) {
      throw new IllegalStateException(what + " was closed: it cannot be used any more");
    }
    inside++;
  }

  synchronized void leave() {
    inside--;
    if (closed && inside == 0) {
      notifyAll();
    }
  }

  /**
   * Lets nobody in any more and waits for those inside, through interrupts.
   *
   * @return false if it was closed before
   */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    boolean interrupted = false;
    while (inside > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return first;
  }
}
