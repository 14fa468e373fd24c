package dev.convoy.bench;

import org.jspecify.annotations.Nullable;

/**
 * What a peer made of a case: how fast it was in turns with Convoy and how far its outputs lie from
 * Convoy's, or why it has no figure.
 */
record PeerResult(
    @Nullable Measurement speed, @Nullable Difference difference, @Nullable String refusal) {
  static PeerResult of(Measurement speed, Difference difference) {
    return new PeerResult(speed, difference, null);
  }

  static PeerResult refused(String why) {
    return new PeerResult(null, null, why);
  }

  /** Images per second, NaN if there is no figure. */
  double median() {
    return speed == null ? Double.NaN : speed.median();
  }

  /** The median over rounds of how many times faster Convoy was. */
  double ratio(Measurement convoy) {
    return speed == null ? Double.NaN : Statistics.median(convoy.ratios(speed));
  }

  double minRatio(Measurement convoy) {
    return speed == null ? Double.NaN : Statistics.min(convoy.ratios(speed));
  }
}
