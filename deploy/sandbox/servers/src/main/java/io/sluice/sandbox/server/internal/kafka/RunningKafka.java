package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.process.ServerControl;

/**
 * A broker that is ready for clients.
 *
 * @param bootstrapServers the address for clients
 * @param version the broker's version; empty where it is not known
 * @param how its origin, in a few words
 * @param control control of it
 */
public record RunningKafka(
    String bootstrapServers, String version, String how, ServerControl control) {}
