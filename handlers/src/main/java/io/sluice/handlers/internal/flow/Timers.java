package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be done at a later time. Owned by the domain's thread. */
final class Timers {

  /** Something to be done, unless it is cancelled before. */
  record Timer(Instant due, long number, Runnable action) {}

  private static final Logger LOG = LoggerFactory.getLogger(Timers.class);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final TreeSet<Timer> timers =
      new TreeSet<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));

  private long last;

  Timer at(Instant due, Runnable action) {
    Timer timer = new Timer(due, ++last, action);
    timers.add(timer);
    return timer;
  }

  void cancel(Timer timer) {
    timers.remove(timer);
  }

  /** Does what is due; what fails costs none of the others and is done again. */
  void run(Instant now) {
    while (!timers.isEmpty() && !timers.first().due().isAfter(now)) {
      Runnable action = timers.pollFirst().action();
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        LOG.error("what was due could not be done, and is tried again", e);
        at(now.plus(AGAIN), action);
      }
    }
  }

  /** How long until something is due; at most {@code longest}. */
  Duration untilDue(Instant now, Duration longest) {
    if (timers.isEmpty()) {
      return longest;
    }
    Duration wait = Duration.between(now, timers.first().due());
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(longest) < 0 ? wait : longest;
  }
}
