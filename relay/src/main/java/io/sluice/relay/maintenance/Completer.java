package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.StatusMarker;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Completions.Completed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Marks rows of domains without handlers PUBLISHED after Kafka has acknowledged their events. */
final class Completer implements TableTask {

  private static final int BATCH = 500;

  private final Completions completions;
  private final StatusMarker marker;
  private final ShardStatistics statistics;
  private final Duration interval;

  Completer(
      Completions completions, StatusMarker marker, ShardStatistics statistics, Duration interval) {
    this.completions = completions;
    this.marker = marker;
    this.statistics = statistics;
    this.interval = interval;
  }

  @Override
  public String name() {
    return "marking of events as PUBLISHED";
  }

  @Override
  public Duration runOnce() throws SQLException {
    List<Completed> batch = completions.take(BATCH);
    if (batch.isEmpty()) {
      return interval;
    }
    try {
      statistics.add(Counter.COMPLETED_EVENTS, marker.markPublished(batch));
    } catch (SQLException e) {
      completions.addAll(batch);
      throw e;
    }
    return batch.size() < BATCH ? interval : Duration.ZERO;
  }
}
