package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.process.ServerControl;

/**
 * A MySQL server that is ready for clients.
 *
 * @param address the server's address
 * @param version the version that the server reports, without the distributor's suffix
 * @param how the server's origin, in a few words
 * @param control control of the server
 */
public record RunningMySql(
    MySqlAddress address, String version, String how, ServerControl control) {}
