package dev.convoy.optimize;

/**
 * What a thread may count on.
 *
 * @param near bytes of the level-2 cache that a core has to itself
 * @param shared bytes of the last-level cache that all cores share
 */
public record CacheSizes(long near, long shared) {}
