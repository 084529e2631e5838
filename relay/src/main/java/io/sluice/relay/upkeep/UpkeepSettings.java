package io.sluice.relay.upkeep;

import io.sluice.relay.sweep.SweepSettings;

/**
 * What a relay does for its tables.
 *
 * @param cleanup of rows that have served
 * @param sweep for rows the binary log never brought
 */
public record UpkeepSettings(CleanupSettings cleanup, SweepSettings sweep) {

  /** The usual. */
  public static final UpkeepSettings DEFAULT =
      new UpkeepSettings(CleanupSettings.DEFAULT, SweepSettings.DEFAULT);
}
