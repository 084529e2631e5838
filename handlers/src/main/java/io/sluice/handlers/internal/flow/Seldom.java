package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Of what may happen often, tells the first and then how many, once in a while. */
final class Seldom {

  private static final Duration WHILE = Duration.ofMinutes(1);

  private Instant told = Instant.MIN;
  private long untold;

  /** One more; how many there were since they were told of last, if it is time to tell. */
  OptionalLong count(Instant now) {
    untold++;
    if (now.isBefore(told.plus(WHILE))) {
      return OptionalLong.empty();
    }
    OptionalLong count = OptionalLong.of(untold);
    told = now;
    untold = 0;
    return count;
  }
}
