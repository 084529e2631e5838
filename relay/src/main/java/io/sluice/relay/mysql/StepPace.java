package io.sluice.relay.mysql;

import java.time.Duration;

/**
 * Divides long work on a server into short steps. Adapts the number of rows of a step to the time
 * that the server needs for it, and rests after each step for a multiple of that time, so that a
 * busy server gets less work. Used by one thread.
 */
public final class StepPace {

  private static final int FIRST = 100;
  private static final int MIN = 10;
  private static final int MAX = 2_000;

  /** Locks are held, and the commits of services may wait for the disk, for about this time. */
  private static final Duration TARGET = Duration.ofMillis(20);

  /** Time of rest per time of work. */
  private static final int REST = 3;

  private int rows = FIRST;

  /** The number of rows for the next step. */
  public int rows() {
    return rows;
  }

  /**
   * Records a step with the full number of rows.
   *
   * @return how long to rest before the next step
   */
  public Duration rest(Duration took) {
    double factor = (double) TARGET.toNanos() / Math.max(1, took.toNanos());
    rows = (int) Math.max(MIN, Math.min(MAX, rows * Math.max(0.5, Math.min(2, factor))));
    return took.multipliedBy(REST);
  }
}
