package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The delivery columns of a row as they were last read.
 *
 * @param redrives the number of redrives of the row; a record with a lower number is older
 * @param updatedAt the time when the columns were written
 * @param parked the event that a FAILED row is parked behind
 */
public record RowState(
    OutboxStatus status,
    int retryCount,
    int maxRetries,
    int redrives,
    Instant updatedAt,
    Optional<ParkedBehind> parked) {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  public RowState {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(updatedAt, "updatedAt");
    Objects.requireNonNull(parked, "parked");
  }

  /** The number of the next attempt, starting at 1 even if the row's count is negative. */
  public int nextAttempt() {
    return (int) Math.min(Math.max(0L, retryCount) + 1, Integer.MAX_VALUE);
  }

  /** Whether one more failure makes the event FAILED. */
  public boolean isLastAttempt() {
    return nextAttempt() >= maxRetries;
  }

  /** Returns the row after this update. */
  public RowState after(RowUpdate update) {
    return new RowState(
        update.status(),
        update.status() == OutboxStatus.PUBLISHED ? retryCount : nextAttempt(),
        maxRetries,
        redrives,
        update.at(),
        Optional.empty());
  }

  /**
   * Parses the redrive header of a row or record.
   *
   * @return the number of redrives; 0 if the header is absent or not a number
   */
  public static int redrives(@Nullable String header) {
    return header != null && NUMBER.matcher(header).matches() ? Integer.parseInt(header) : 0;
  }
}
