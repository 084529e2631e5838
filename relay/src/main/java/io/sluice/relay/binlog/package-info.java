/**
 * Reads the binlog through Debezium's embedded engine: settings, schema history, and the decoding
 * of rows.
 */
@NullMarked
package io.sluice.relay.binlog;

import org.jspecify.annotations.NullMarked;
