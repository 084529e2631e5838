package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.StatusMarker;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.reconcile.WorkItemStore;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Marks rows FAILED that were set aside. */
final class QuarantineMarker implements TableTask {

  private static final int BATCH = 200;

  private final WorkItemStore desk;
  private final StatusMarker marker;
  private final Duration interval;

  QuarantineMarker(WorkItemStore desk, StatusMarker marker, Duration interval) {
    this.desk = desk;
    this.marker = marker;
    this.interval = interval;
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
    return rows.size() < BATCH ? interval : Duration.ZERO;
  }
}
