/**
 * How the relay reads and writes an outbox table, whatever its layout: as a guest, by its indexes.
 */
@NullMarked
package io.sluice.relay.table;

import org.jspecify.annotations.NullMarked;
