package io.sluice.relay.record;

import java.time.Duration;
import java.time.Instant;

/**
 * The timestamps of records. Kafka deletes records by them, and refuses those that are too far in
 * the future. A record therefore has the time of its publication, unless {@code created_at} is
 * about the same. The header {@code outbox-created-at} always contains {@code created_at}.
 */
final class RecordTime {

  /** Far below every usual retention. */
  private static final Duration MAX_AGE = Duration.ofMinutes(1);

  private RecordTime() {}

  static long of(Instant createdAt) {
    return of(createdAt, Instant.now());
  }

  static long of(Instant createdAt, Instant now) {
    boolean isPresent = !createdAt.isAfter(now) && !createdAt.isBefore(now.minus(MAX_AGE));
    return (isPresent ? createdAt : now).toEpochMilli();
  }
}
