package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.StatusMarker;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.reconcile.WorkItemStore;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Marks quarantined rows FAILED. */
final class QuarantineMarker implements TableTask {

  private static final int BATCH = 200;

  private final WorkItemStore store;
  private final StatusMarker marker;
  private final Duration interval;

  QuarantineMarker(WorkItemStore store, StatusMarker marker, Duration interval) {
    this.store = store;
    this.marker = marker;
    this.interval = interval;
  }

  @Override
  public String name() {
    return "marking of rows as FAILED";
  }

  @Override
  public Duration runOnce() throws SQLException {
    List<MarkFailed> rows = store.open(MarkFailed.class, BATCH);
    if (!rows.isEmpty()) {
      marker.markFailed(rows);
      store.done(rows);
    }
    return rows.size() < BATCH ? interval : Duration.ZERO;
  }
}
