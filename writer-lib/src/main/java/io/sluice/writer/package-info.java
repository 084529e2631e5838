/**
 * Writes events to the outbox table in the caller's transaction. Start at {@link
 * io.sluice.writer.OutboxWriter} or {@link io.sluice.writer.OutboxService}.
 */
@NullMarked
package io.sluice.writer;

import org.jspecify.annotations.NullMarked;
