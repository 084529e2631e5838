package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;

/** What is to be done at a later time. Owned by the domain's thread. */
final class Timers {

  /** Something to be done, unless it is cancelled before. */
  record Timer(Instant due, long number, Runnable action) {}

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

  /** Does what is due. */
  void run(Instant now) {
    while (!timers.isEmpty() && !timers.first().due().isAfter(now)) {
      timers.pollFirst().action().run();
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
