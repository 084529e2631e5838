package io.sluice.handlers.internal.row;

import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.Objects;

/**
 * What an attempt makes of a row that is still PENDING or RETRY: PUBLISHED, or one more failure and
 * with that RETRY or FAILED.
 *
 * @param before the row as the attempt found it; a failure is counted only where it still has that
 *     count, so that none is counted twice
 * @param lastError class and message of a failure, short enough for its column; else empty
 * @param at the time that the row is to bear
 */
public record RowUpdate(OutboxStatus status, RowState before, String lastError, Instant at) {

  public RowUpdate {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(lastError, "lastError");
    Objects.requireNonNull(at, "at");
    if (status == OutboxStatus.PENDING) {
      throw new IllegalArgumentException("no attempt makes a row PENDING");
    }
  }

  public static RowUpdate published(RowState before, Instant at) {
    return new RowUpdate(OutboxStatus.PUBLISHED, before, "", at);
  }
}
