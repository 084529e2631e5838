/**
 * Reads, updates and cleans up the outbox tables of all shards. Start at {@link
 * io.sluice.repository.OutboxRepository}.
 */
@NullMarked
package io.sluice.repository;

import org.jspecify.annotations.NullMarked;
