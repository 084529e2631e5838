package io.sluice.relay.upkeep;

import io.sluice.relay.repair.Repair.MarkFailed;
import io.sluice.relay.replay.RepairDesk;
import io.sluice.relay.table.StatusMarker;
import io.sluice.relay.table.TableTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Marks rows FAILED that were set aside. */
final class QuarantineMarker implements TableTask {

  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final int BATCH = 200;

  private final RepairDesk desk;
  private final StatusMarker marker;

  QuarantineMarker(RepairDesk desk, StatusMarker marker) {
    this.desk = desk;
    this.marker = marker;
  }

  @Override
  public String name() {
    return "marking of rows as FAILED";
  }

  @Override
  public Duration runOnce() throws SQLException {
    List<MarkFailed> rows = desk.open(MarkFailed.class, BATCH);
    if (!rows.isEmpty()) {
      marker.markFailed(rows);
      desk.done(rows);
    }
    return rows.size() < BATCH ? INTERVAL : Duration.ZERO;
  }
}
