package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.process.ServerControl;

/**
 * A broker that is ready for clients.
 *
 * @param bootstrapServers the address for clients
 * @param version the broker's version; empty if it is unknown
 * @param how the broker's origin, in a few words
 * @param control control of the broker
 */
public record RunningKafka(
    String bootstrapServers, String version, String how, ServerControl control) {}
