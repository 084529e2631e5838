package io.sluice.relay.maintenance;

import io.sluice.relay.reconcile.SweepSettings;
import java.time.Duration;

/**
 * Settings of the maintenance of tables.
 *
 * @param cleanup the removal of finished rows
 * @param sweep the reconciliation, which finds rows that were not read from the binlog
 * @param headroomWarning threshold of the time for which the server keeps unread binlog
 */
public record MaintenanceSettings(
    CleanupSettings cleanup, SweepSettings sweep, Duration headroomWarning) {

  /** The default settings. */
  public static final MaintenanceSettings DEFAULT =
      new MaintenanceSettings(CleanupSettings.DEFAULT, SweepSettings.DEFAULT, Duration.ofDays(1));
}
