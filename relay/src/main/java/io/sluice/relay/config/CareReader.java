package io.sluice.relay.config;

import io.sluice.relay.config.RelayConfig.Care;
import io.sluice.relay.maintenance.CleanupSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.reconcile.ReconcileSettings;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import java.time.Duration;
import java.util.OptionalLong;

/** Reads the sections about recovery, maintenance and engines. */
final class CareReader {

  private static final int MAX_ROWS = 10_000;
  private static final int MAX_RATE = 1_000_000;
  private static final long LEAST_QUEUE_BYTES = 1L << 20;
  private static final long MOST_QUEUE_BYTES = 4L << 30;

  private CareReader() {}

  static Care read(Section root) {
    return new Care(
        healing(root.section("healing")),
        new MaintenanceSettings(cleanup(root.section("cleanup")), sweep(root.section("sweep"))),
        headroomWarning(root.section("binlog")),
        queueBytes(root.section("engine")));
  }

  private static RecoverySettings healing(Section section) {
    RecoverySettings defaults = RecoverySettings.DEFAULT;
    RecoverySettings healing =
        new RecoverySettings(
            section.choice("approval", defaults.approval(), Approval.class),
            section.duration("patience", defaults.patience()));
    section.end();
    return healing;
  }

  private static CleanupSettings cleanup(Section section) {
    CleanupSettings defaults = CleanupSettings.DEFAULT;
    CleanupSettings cleanup =
        new CleanupSettings(
            section.durationOrNever("published-after", defaults.published()),
            section.durationOrNever("failed-after", defaults.failed()),
            (int) section.number("batch-rows", defaults.batchRows(), 1, MAX_ROWS),
            (int) section.number("rows-per-second", defaults.rowsPerSecond(), 1, MAX_RATE));
    section.end();
    return cleanup;
  }

  private static ReconcileSettings sweep(Section section) {
    ReconcileSettings defaults = ReconcileSettings.DEFAULT;
    ReconcileSettings sweep =
        new ReconcileSettings(
            section.truth("enabled", defaults.isEnabled()),
            section.duration("settled-after", defaults.settled()),
            section.duration("everything-every", defaults.everything()),
            (int) section.number("page-rows", defaults.pageRows(), 1, MAX_ROWS),
            (int) section.number("rows-per-second", defaults.rowsPerSecond(), 1, MAX_RATE));
    section.end();
    return sweep;
  }

  private static Duration headroomWarning(Section section) {
    Duration warning = section.duration("headroom-warning", Care.DEFAULT_HEADROOM_WARNING);
    section.end();
    return warning;
  }

  private static OptionalLong queueBytes(Section section) {
    OptionalLong bytes =
        section.has("queue-bytes")
            ? OptionalLong.of(
                section.number(
                    "queue-bytes", LEAST_QUEUE_BYTES, LEAST_QUEUE_BYTES, MOST_QUEUE_BYTES))
            : OptionalLong.empty();
    section.end();
    return bytes;
  }
}
