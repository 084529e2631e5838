package io.sluice.repository;

import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The delivery state of an event.
 *
 * @param status current status
 * @param retryCount number of failed attempts
 * @param maxRetries number of failed attempts that make the event FAILED
 * @param lastError class and message of the last failure
 * @param updatedAt time of the last change of these values
 * @param publishedAt time when the event became PUBLISHED
 */
public record DeliveryState(
    OutboxStatus status,
    int retryCount,
    int maxRetries,
    Optional<String> lastError,
    Instant updatedAt,
    Optional<Instant> publishedAt) {

  public DeliveryState {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(lastError, "lastError");
    Objects.requireNonNull(updatedAt, "updatedAt");
    Objects.requireNonNull(publishedAt, "publishedAt");
  }
}
