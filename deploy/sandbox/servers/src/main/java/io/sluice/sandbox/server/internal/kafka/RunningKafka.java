package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.process.ServerControl;

/**
 * A broker that serves.
 *
 * @param bootstrapServers where clients begin
 * @param version the broker's version; empty where it is not known
 * @param how how it was got, a few words
 * @param control power over it
 */
public record RunningKafka(
    String bootstrapServers, String version, String how, ServerControl control) {}
