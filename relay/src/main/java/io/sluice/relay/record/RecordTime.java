package io.sluice.relay.record;

import static java.time.ZoneOffset.UTC;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;

/**
 * The timestamps of records. Kafka deletes records by them, and refuses those that are too far in
 * the future. A record therefore has the time of its publication, unless {@code created_at} is
 * about the same. The header {@code outbox-created-at} always contains {@code created_at}.
 */
final class RecordTime {

  /** Far below every usual retention. */
  private static final Duration MAX_AGE = Duration.ofMinutes(1);

  private RecordTime() {}

  /**
   * The text of a time like that of {@link Instant#toString}, whose formatter is several times
   * slower.
   */
  static String text(Instant time) {
    String utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), UTC).toString();
    // Whole minutes are written without seconds.
    boolean isWholeMinute = time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), 60) == 0;
    return utc + (isWholeMinute ? ":00Z" : "Z");
  }

  static long of(Instant createdAt) {
    return of(createdAt, Instant.now());
  }

  static long of(Instant createdAt, Instant now) {
    boolean isPresent = !createdAt.isAfter(now) && !createdAt.isBefore(now.minus(MAX_AGE));
    return (isPresent ? createdAt : now).toEpochMilli();
  }
}
