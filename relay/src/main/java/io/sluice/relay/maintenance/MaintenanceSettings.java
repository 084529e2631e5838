package io.sluice.relay.maintenance;

import io.sluice.relay.reconcile.ReconcileSettings;

/**
 * Settings of the maintenance of tables.
 *
 * @param cleanup the removal of finished rows
 * @param sweep the reconciliation, which finds rows that were not read from the binlog
 */
public record MaintenanceSettings(CleanupSettings cleanup, ReconcileSettings sweep) {

  /** The default settings. */
  public static final MaintenanceSettings DEFAULT =
      new MaintenanceSettings(CleanupSettings.DEFAULT, ReconcileSettings.DEFAULT);
}
