/**
 * Maintenance of a shard besides relaying: cleanup, status markers, and the checks of the binlog's
 * headroom and of open Kafka transactions.
 */
@NullMarked
package io.sluice.relay.maintenance;

import org.jspecify.annotations.NullMarked;
