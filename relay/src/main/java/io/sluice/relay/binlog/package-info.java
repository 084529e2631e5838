/**
 * Reads the binlog with Debezium's embedded engine: settings, start of the engine and decoding of
 * rows.
 */
@NullMarked
package io.sluice.relay.binlog;

import org.jspecify.annotations.NullMarked;
