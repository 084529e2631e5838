package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.Objects;

/**
 * The change of a row by an attempt. It applies only to a row that is PENDING or RETRY. It sets the
 * row to PUBLISHED, or it counts a failure and sets the row to RETRY or FAILED.
 *
 * @param before the row before the attempt; a failure is counted only if the row still has the same
 *     count, so that it is not counted twice
 * @param lastError class and message of a failure, short enough for the column; otherwise empty
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
