package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.Objects;

/**
 * The change of a row by an attempt, if the row is still PENDING or RETRY: to PUBLISHED, or to
 * RETRY or FAILED with one more failure.
 *
 * @param before the row before the attempt; a failure is counted only if the row still has its
 *     count, so that none is counted twice
 * @param lastError class and message of a failure, short enough for its column; empty otherwise
 * @param at the new {@code updated_at}
 */
public record RowUpdate(OutboxStatus status, RowState before, String lastError, Instant at) {

  public RowUpdate {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(lastError, "lastError");
    Objects.requireNonNull(at, "at");
    if (status == OutboxStatus.PENDING) {
      throw new IllegalArgumentException("an attempt does not make a row PENDING");
    }
  }

  public static RowUpdate published(RowState before, Instant at) {
    return new RowUpdate(OutboxStatus.PUBLISHED, before, "", at);
  }
}
