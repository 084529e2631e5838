package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.process.ServerControl;

/**
 * A MySQL server that serves.
 *
 * @param address where it is
 * @param version the version it reports, without the distributor's suffix
 * @param how how it was got, a few words
 * @param control power over it
 */
public record RunningMySql(
    MySqlAddress address, String version, String how, ServerControl control) {}
