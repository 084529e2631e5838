/**
 * Access to MySQL other than reading the binlog: end of the binlog, identity and version of a
 * server, classification of errors, and sessions on the outbox table.
 */
@NullMarked
package io.sluice.relay.mysql;

import org.jspecify.annotations.NullMarked;
