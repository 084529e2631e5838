package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.time.Instant;

/**
 * Notices that a full buffer, because of which no more is fetched, stays as it is: then everything
 * of the domain waits for what it holds. Owned by the domain's thread.
 */
final class Standstill {

  private static final Duration LONG = Duration.ofSeconds(30);

  private long removals = -1;
  private Instant since = Instant.MAX;
  private boolean told;

  /** Whether it is time to tell, which is once for each standstill. */
  boolean isToBeTold(Buffer buffer, Instant now) {
    if (!buffer.isFull() || buffer.removals() != removals) {
      removals = buffer.removals();
      since = now;
      told = false;
    }
    boolean tell = !told && Duration.between(since, now).compareTo(LONG) >= 0;
    told |= tell;
    return tell;
  }

  Duration lasts(Instant now) {
    return Duration.between(since, now);
  }
}
