package io.sluice.relay.reconcile;

import java.time.Duration;

/**
 * Settings of reconciliation.
 *
 * @param isEnabled whether rows outside of known gaps are reconciled
 * @param settled minimum age of the rows
 * @param everything time after which all rows are checked again
 */
public record ReconcileSettings(boolean isEnabled, Duration settled, Duration everything) {

  /** Rows older than 10 minutes, all of them again every 12 hours. */
  public static final ReconcileSettings DEFAULT =
      new ReconcileSettings(true, Duration.ofMinutes(10), Duration.ofHours(12));
}
