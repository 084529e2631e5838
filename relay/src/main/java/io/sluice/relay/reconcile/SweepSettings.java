package io.sluice.relay.reconcile;

import java.time.Duration;

/**
 * How tables are compared with topics.
 *
 * @param isEnabled whether rows are swept that no known gap has swallowed
 * @param settled only rows older than this are looked at
 * @param everything after this time what was looked at before is looked at again
 * @param pageRows looked at in one step
 * @param rowsPerSecond looked at, at most, of each shard
 */
public record SweepSettings(
    boolean isEnabled, Duration settled, Duration everything, int pageRows, int rowsPerSecond) {

  /** Rows older than ten minutes, all of them again every twelve hours. */
  public static final SweepSettings DEFAULT =
      new SweepSettings(true, Duration.ofMinutes(10), Duration.ofHours(12), 1_000, 500);
}
