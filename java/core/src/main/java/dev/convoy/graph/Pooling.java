package dev.convoy.graph;

/** What a pooling window keeps; the order is part of the native interface. */
public enum Pooling {
  MAX,
  MIN,
  AVERAGE
}
