package io.sluice.sandbox.demo;

/**
 * What to run.
 *
 * @param events to write
 * @param shards beside the global database
 * @param rate events a second
 * @param keep whether to stay up at the end
 */
record SandboxOptions(long events, int shards, double rate, boolean keep) {}
