package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.reconcile.Replayer.Outcome;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches rows of prepared XA transactions: publishes them after their commit, and drops their work
 * items after a rollback. Used by one thread.
 */
public final class PreparedRows {

  private static final Duration REFUSED_FOR = Duration.ofMinutes(1);
  private static final int BATCH = 500;
  private static final String REASON = "xa";

  private final ShardSource source;
  private final Replayer replayer;
  private final Destination destination;
  private final Progress progress;
  private final Duration interval;

  /** The time of the next attempt for rows that an operator has to unblock, by work item key. */
  private final Map<String, Long> refused = new HashMap<>();

  private int next;

  public PreparedRows(
      ShardSource source,
      Replayer replayer,
      Destination destination,
      Progress progress,
      Duration interval) {
    this.source = source;
    this.replayer = replayer;
    this.destination = destination;
    this.progress = progress;
    this.interval = interval;
  }

  /**
   * Checks the next rows.
   *
   * @return delay until the next rows
   */
  public Duration runOnce() throws SQLException {
    refused.values().removeIf(retryAt -> System.nanoTime() - retryAt >= 0);
    List<AwaitCommit> open =
        destination.pendingWork().of(AwaitCommit.class).stream()
            .filter(row -> !refused.containsKey(row.key()))
            .toList();
    if (open.isEmpty()) {
      return interval;
    }
    // Round robin, because the oldest transaction may be decided last.
    next = next >= open.size() ? 0 : next;
    List<AwaitCommit> batch = open.subList(next, Math.min(open.size(), next + BATCH));
    int decided = 0;
    for (ShardTable table : source.tables()) {
      decided +=
          decide(table, batch.stream().filter(row -> row.shard().equals(table.shard())).toList());
    }
    next += batch.size() - decided;
    return next >= open.size() - decided ? interval : Duration.ZERO;
  }

  private int decide(ShardTable table, List<AwaitCommit> rows) throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    int total = 0;
    List<WorkItem> decided = new ArrayList<>();
    try (Connection connection = new TableAccess(source.server(), table).connect()) {
      BinlogEnd end = BinlogEnd.of(connection);
      progress.see(end);
      if (!progress.isReadFrom(end)) {
        return 0; // a row that is missing on a lagging replica was not rolled back
      }
      Replayer.Replay replay = replayer.begin(connection, table, REASON);
      for (AwaitCommit row : rows) {
        if (replay.isFull()) {
          replay.publish(decided);
          total += decided.size();
          decided = new ArrayList<>();
          replay = replayer.begin(connection, table, REASON);
        }
        Outcome outcome = replay.add(row.eventId(), copy -> true);
        if (outcome == Outcome.DECIDED) {
          decided.add(row);
        } else if (outcome == Outcome.REFUSED) {
          refused.put(row.key(), System.nanoTime() + REFUSED_FOR.toNanos());
        }
      }
      replay.publish(decided);
    }
    return total + decided.size();
  }
}
