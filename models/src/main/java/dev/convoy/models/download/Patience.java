package dev.convoy.models.download;

import java.time.Duration;

/**
 * How long to wait for a server.
 *
 * @param connect for a connection
 * @param silence for the next bytes of a connection that stands
 * @param attempts connections in all before giving up, at least 1; each goes on where the last one
 *     broke off
 * @param pause before the second attempt, doubled before each later one
 */
public record Patience(Duration connect, Duration silence, int attempts, Duration pause) {
  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(15), Duration.ofSeconds(30), 5, Duration.ofMillis(500));

  public Patience {
    if (attempts < 1 || connect.toMillis() < 1 || silence.toMillis() < 1 || pause.isNegative()) {
      throw new IllegalArgumentException(
          "patience needs at least one attempt and a millisecond each: %s, %s, %d, %s"
              .formatted(connect, silence, attempts, pause));
    }
  }
}
