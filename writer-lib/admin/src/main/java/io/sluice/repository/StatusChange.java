package io.sluice.repository;

import io.sluice.outbox.OutboxStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an event that waits becomes.
 *
 * @param status RETRY, PUBLISHED or FAILED
 * @param retryCount where it changes
 * @param lastError where there is one; cut to what its column holds
 */
public record StatusChange(
    OutboxStatus status, OptionalInt retryCount, Optional<String> lastError) {

  /**
   * @throws IllegalArgumentException if the status is PENDING, which a redrive alone makes, or the
   *     count is negative
   */
  public StatusChange {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(retryCount, "retryCount");
    Objects.requireNonNull(lastError, "lastError");
    if (status == OutboxStatus.PENDING) {
      throw new IllegalArgumentException(
          "no event becomes PENDING by a change of its status: redrive it, so that it is delivered"
              + " again");
    }
    if (retryCount.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "retryCount is %d: it must be 0 or more".formatted(retryCount.getAsInt()));
    }
  }

  /** This status, and nothing else. */
  public static StatusChange to(OutboxStatus status) {
    return new StatusChange(status, OptionalInt.empty(), Optional.empty());
  }

  /** The same, with a count of failures. */
  public StatusChange withRetryCount(int count) {
    return new StatusChange(status, OptionalInt.of(count), lastError);
  }

  /** The same, with a reason. */
  public StatusChange withLastError(String error) {
    return new StatusChange(status, retryCount, Optional.of(error));
  }
}
