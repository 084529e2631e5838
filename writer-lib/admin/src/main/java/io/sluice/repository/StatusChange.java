package io.sluice.repository;

import io.sluice.outbox.Arguments;
import io.sluice.outbox.OutboxStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The new status of an event that is PENDING or RETRY.
 *
 * @param status RETRY, PUBLISHED or FAILED
 * @param retryCount the new count; empty leaves it unchanged
 * @param lastError the new error, cut to the length of its column; empty leaves it unchanged
 */
public record StatusChange(
    OutboxStatus status, OptionalInt retryCount, Optional<String> lastError) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the status is PENDING, which only a redrive sets, or the
   *     count is negative
   */
  public StatusChange {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(retryCount, "retryCount");
    Objects.requireNonNull(lastError, "lastError");
    if (status == OutboxStatus.PENDING) {
      throw new IllegalArgumentException(
          "a status change cannot make an event PENDING: redrive it, so that it is delivered again");
    }
    if (retryCount.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "retryCount is %d: it must be 0 or more".formatted(retryCount.getAsInt()));
    }
  }

  /** Changes only the status. */
  public static StatusChange to(OutboxStatus status) {
    return new StatusChange(status, OptionalInt.empty(), Optional.empty());
  }

  /** Adds a count of failures. */
  public StatusChange withRetryCount(int count) {
    return new StatusChange(status, OptionalInt.of(count), lastError);
  }

  /** Adds an error. */
  public StatusChange withLastError(String error) {
    return new StatusChange(
        status,
        retryCount,
        Optional.of(Arguments.required("withLastError(error)", "error", error)));
  }
}
