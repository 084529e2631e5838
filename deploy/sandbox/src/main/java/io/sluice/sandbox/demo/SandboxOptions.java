package io.sluice.sandbox.demo;

/**
 * The options of a run.
 *
 * @param events number of events to write
 * @param shards number of shards, without the global database
 * @param rate events per second
 * @param relays number of relay processes, which share the shards
 * @param workers number of worker processes, which share the topics' partitions
 * @param kills number of kills during the run
 * @param seed seed of the random schedule of kills
 * @param keep whether servers and processes keep running at the end
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
