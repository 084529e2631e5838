package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Of what may happen often, has the first logged, and then once a minute how many there were. */
final class RateLimitedLog {

  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private Instant logged = Instant.MIN;
  private long count;

  /**
   * Counts one more.
   *
   * @return how many there were since the last log line, if it is time for another
   */
  OptionalLong count(Instant now) {
    count++;
    if (now.isBefore(logged.plus(INTERVAL))) {
      return OptionalLong.empty();
    }
    OptionalLong counted = OptionalLong.of(count);
    logged = now;
    count = 0;
    return counted;
  }
}
