package io.sluice.handlers.internal.row;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The delivery columns of a row as they were last seen; the row alone knows them for certain.
 *
 * @param redrives how often the row was redriven: a record of fewer is a copy from before
 * @param updatedAt when they were written
 * @param parked of a FAILED row, what it is parked behind
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

  /** The number of the attempt that comes next; from 1, whatever somebody wrote to the row. */
  public int nextAttempt() {
    return (int) Math.min(Math.max(0L, retryCount) + 1, Integer.MAX_VALUE);
  }

  /** Whether one more failure is the last. */
  public boolean isLastAttempt() {
    return nextAttempt() >= maxRetries;
  }

  /** As it stands once the update is written. */
  public RowState after(RowUpdate update) {
    return new RowState(
        update.status(),
        update.status() == OutboxStatus.PUBLISHED ? retryCount : nextAttempt(),
        maxRetries,
        redrives,
        update.at(),
        Optional.empty());
  }

  /** What a row's or a record's header tells; whoever sets it to anything but a number has none. */
  public static int redrives(@Nullable String header) {
    return header != null && NUMBER.matcher(header).matches() ? Integer.parseInt(header) : 0;
  }
}
