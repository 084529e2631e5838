package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import java.util.Objects;

/** The delivery columns of a row as they were last seen; the row alone knows them for certain. */
public record RowState(OutboxStatus status, int retryCount, int maxRetries) {

  public RowState {
    Objects.requireNonNull(status, "status");
  }

  /** The number of the attempt that comes next. */
  public int nextAttempt() {
    return retryCount + 1;
  }

  RowState with(OutboxStatus other) {
    return new RowState(other, retryCount, maxRetries);
  }
}
