/**
 * MySQL as the relay meets it beside the binlog: the end of the log, the server's identity and
 * version, its errors, and sessions on the outbox table.
 */
@NullMarked
package io.sluice.relay.mysql;

import org.jspecify.annotations.NullMarked;
