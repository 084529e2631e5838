package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.time.Instant;

/**
 * Notices that a full buffer, because of which no more is fetched, stays as it is: then the whole
 * domain waits for what it holds. Owned by the domain's thread.
 */
final class StallDetector {

  private static final Duration LONG = Duration.ofSeconds(30);

  private long removals = -1;
  private Instant since = Instant.MAX;
  private boolean reported;

  /**
   * Looks at the buffer.
   *
   * @return whether to report a stall, which is once for each
   */
  boolean check(Buffer buffer, Instant now) {
    if (!buffer.isFull() || buffer.removals() != removals) {
      removals = buffer.removals();
      since = now;
      reported = false;
    }
    boolean report = !reported && duration(now).compareTo(LONG) >= 0;
    reported |= report;
    return report;
  }

  Duration duration(Instant now) {
    return Duration.between(since, now);
  }
}
