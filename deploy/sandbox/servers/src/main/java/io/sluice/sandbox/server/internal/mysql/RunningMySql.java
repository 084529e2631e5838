package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.process.ServerControl;

/**
 * A MySQL server that is ready for clients.
 *
 * @param address its address
 * @param version the version it reports, without the distributor's suffix
 * @param how its origin, in a few words
 * @param control control of it
 */
public record RunningMySql(
    MySqlAddress address, String version, String how, ServerControl control) {}
