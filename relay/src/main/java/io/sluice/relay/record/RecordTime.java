package io.sluice.relay.record;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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

  /** The length of a time without its fraction. */
  private static final int SECONDS_END = 19;

  /** The length of a time with nanoseconds. */
  private static final int NANOS_END = 29;

  private RecordTime() {}

  /**
   * The text of a time like that of {@link Instant#toString}, whose formatter is several times
   * slower.
   */
  static String text(Instant time) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9999) {
      return time.toString();
    }
    byte[] text = "0000-00-00T00:00:00.000000000Z".getBytes(ISO_8859_1);
    write(utc.getYear(), text, 4);
    write(utc.getMonthValue(), text, 7);
    write(utc.getDayOfMonth(), text, 10);
    write(utc.getHour(), text, 13);
    write(utc.getMinute(), text, 16);
    write(utc.getSecond(), text, SECONDS_END);
    write(utc.getNano(), text, NANOS_END);
    int end = NANOS_END;
    if (utc.getNano() == 0) {
      end = SECONDS_END;
    } else {
      // The fraction has three, six or nine digits.
      while (text[end - 1] == '0' && text[end - 2] == '0' && text[end - 3] == '0') {
        end -= 3;
      }
    }
    text[end] = 'Z';
    return new String(text, 0, end + 1, ISO_8859_1);
  }

  /** Writes the digits of a number so that they end before this place. */
  private static void write(int number, byte[] text, int end) {
    int at = end;
    for (int rest = number; rest > 0; rest /= 10) {
      text[--at] = (byte) ('0' + rest % 10);
    }
  }

  static long of(Instant createdAt) {
    return of(createdAt, Instant.now());
  }

  static long of(Instant createdAt, Instant now) {
    boolean isPresent = !createdAt.isAfter(now) && !createdAt.isBefore(now.minus(MAX_AGE));
    return (isPresent ? createdAt : now).toEpochMilli();
  }
}
