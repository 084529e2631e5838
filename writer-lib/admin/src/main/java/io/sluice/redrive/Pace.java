package io.sluice.redrive;

import java.time.Duration;

/** Keeps a run to so many events a second. Of one run, used by its thread. */
final class Pace {

  private final int eventsPerSecond;
  private final Pause pause;
  private int done;

  /**
   * @param eventsPerSecond at most
   * @param pause waits
   */
  Pace(int eventsPerSecond, Pause pause) {
    this.eventsPerSecond = eventsPerSecond;
    this.pause = pause;
  }

  /** How many are to be done before the next wait. */
  int atOnce(int most) {
    return Math.min(most, eventsPerSecond);
  }

  /** Waits for the time that belongs to what was done since the last wait. */
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
