/** Runs Debezium's embedded engine on one shard's binlog. */
@NullMarked
package io.sluice.relay.engine;

import org.jspecify.annotations.NullMarked;
