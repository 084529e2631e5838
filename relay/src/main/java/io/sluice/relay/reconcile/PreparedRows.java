package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.RowReader;
import io.sluice.relay.mysql.RowReader.Found;
import io.sluice.relay.mysql.TableSession;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.shard.OperatorNeededException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches rows of prepared XA transactions: publishes them after their commit, and drops their work
 * items after a rollback.
 */
public final class PreparedRows implements TableTask {

  private static final Logger LOG = LoggerFactory.getLogger(PreparedRows.class);
  private static final Duration REFUSED_FOR = Duration.ofMinutes(1);
  private static final int BATCH = 500;
  private static final String REASON = "xa";

  private final ShardSource source;
  private final WorkItemStore store;
  private final Replayer replayer;
  private final Progress progress;
  private final Duration interval;

  /** The time of the next attempt for rows that an operator has to unblock, by work item key. */
  private final Map<String, Long> refused = new HashMap<>();

  private int next;

  public PreparedRows(
      ShardSource source,
      WorkItemStore store,
      Replayer replayer,
      Progress progress,
      Duration interval) {
    this.source = source;
    this.store = store;
    this.replayer = replayer;
    this.progress = progress;
    this.interval = interval;
  }

  @Override
  public String name() {
    return "check of XA transactions";
  }

  @Override
  public Duration runOnce() throws SQLException {
    refused.values().removeIf(retryAt -> System.nanoTime() - retryAt >= 0);
    List<AwaitCommit> open =
        store.open(AwaitCommit.class, Integer.MAX_VALUE).stream()
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
      decided += decide(table, batch.stream().filter(row -> isOf(table, row)).toList());
    }
    next += batch.size() - decided;
    return next >= open.size() - decided ? interval : Duration.ZERO;
  }

  private static boolean isOf(ShardTable table, WorkItem row) {
    return row.shard().equals(table.shard());
  }

  private int decide(ShardTable table, List<AwaitCommit> rows) throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    List<WorkItem> decided = new ArrayList<>();
    try (Connection connection = TableSession.open(source.server(), table)) {
      BinlogEnd end = BinlogEnd.of(connection);
      progress.see(end);
      if (!progress.isReadFrom(end)) {
        return 0; // a row that is missing on a lagging replica was not rolled back
      }
      RowReader reader = RowReader.open(connection, table);
      Replayer.Replay replay = replayer.begin(REASON);
      for (AwaitCommit row : rows) {
        if (replay.isFull()) {
          break;
        }
        Found found = reader.read(connection, row.eventId());
        if (!(found instanceof Found.Locked) && add(replay, table, found, row)) {
          decided.add(row);
        }
      }
      // The row locks are held until the rows are in Kafka, so that none is removed before.
      replay.publish(decided);
      connection.rollback();
    }
    return decided.size();
  }

  /**
   * Adds a row. A refused row is logged and retried later, and does not block the other rows.
   *
   * @return false if the row was refused
   */
  private boolean add(Replayer.Replay replay, ShardTable table, Found found, AwaitCommit row) {
    try {
      replay.add(table, found);
      return true;
    } catch (OperatorNeededException e) {
      refused.put(row.key(), System.nanoTime() + REFUSED_FOR.toNanos());
      LOG.error(
          "shard '{}': a row of XA transaction {} waits, an operator is needed: {}",
          table.shard(),
          row.transaction(),
          e.getMessage());
      return false;
    }
  }
}
