package io.sluice.relay.maintenance;

import io.sluice.relay.reconcile.SweepSettings;

/**
 * What a relay does for its tables.
 *
 * @param cleanup of rows that have served
 * @param sweep for rows the binary log never brought
 */
public record MaintenanceSettings(CleanupSettings cleanup, SweepSettings sweep) {

  /** The usual. */
  public static final MaintenanceSettings DEFAULT =
      new MaintenanceSettings(CleanupSettings.DEFAULT, SweepSettings.DEFAULT);
}
