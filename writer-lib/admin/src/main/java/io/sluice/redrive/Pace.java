package io.sluice.redrive;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Limits a run to a number of events per second. Confined to the thread of the run. */
final class Pace {

  private final int eventsPerSecond;
  private final Pause pause;
  private int done;

  Pace(int eventsPerSecond, Pause pause) {
    this.eventsPerSecond = eventsPerSecond;
    this.pause = pause;
  }

  /** Waits for a time unless the thread is interrupted. */
  interface Pause {

    /** Uses the system clock. */
    Pause REAL =
        time -> {
          boolean ended = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
          if (ended) {
            throw new IllegalStateException("the latch is never counted down");
          }
        };

    void of(Duration time) throws InterruptedException;
  }

  /** The size of a page: one second's events, and at most this many. */
  int page(int most) {
    return Math.min(most, eventsPerSecond);
  }

  /** Waits as long as the events since the last call take at this rate. */
  void await() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted between two transactions");
    }
    if (done > 0 && eventsPerSecond < Integer.MAX_VALUE) {
      pause.of(Duration.ofSeconds(done).dividedBy(eventsPerSecond));
    }
    done = 0;
  }

  void spend(int events) {
    done += events;
  }
}
