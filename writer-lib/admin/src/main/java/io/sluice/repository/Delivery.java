package io.sluice.repository;

import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How far an event has come.
 *
 * @param status at present
 * @param retryCount how often handling has failed
 * @param maxRetries with how many failures it is FAILED
 * @param lastError class and message of the last failure
 * @param updatedAt when any of this was written
 * @param publishedAt when it became PUBLISHED
 */
public record Delivery(
    OutboxStatus status,
    int retryCount,
    int maxRetries,
    Optional<String> lastError,
    Instant updatedAt,
    Optional<Instant> publishedAt) {

  public Delivery {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(lastError, "lastError");
    Objects.requireNonNull(updatedAt, "updatedAt");
    Objects.requireNonNull(publishedAt, "publishedAt");
  }
}
