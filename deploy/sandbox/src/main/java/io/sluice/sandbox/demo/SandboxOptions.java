package io.sluice.sandbox.demo;

/**
 * The options of a run.
 *
 * @param events to write
 * @param shards beside the global database
 * @param rate events a second
 * @param relays processes that share the shards
 * @param workers processes that share the topics' partitions
 * @param kills how often something is killed meanwhile
 * @param seed what is killed when is drawn from it
 * @param keep whether to stay up at the end
 */
record SandboxOptions(
    long events,
    int shards,
    double rate,
    int relays,
    int workers,
    int kills,
    long seed,
    boolean keep) {}
