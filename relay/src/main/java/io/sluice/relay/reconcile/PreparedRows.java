package io.sluice.relay.reconcile;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches rows of prepared XA transactions: publishes them after their commit, in the order of
 * their insertion, and drops their work items after a rollback. Used by one thread.
 */
public final class PreparedRows {

  private static final Duration REFUSED_FOR = Duration.ofMinutes(1);
  private static final String REASON = "xa";

  private final ShardSource source;
  private final Replayer replayer;
  private final Destination destination;
  private final Progress progress;
  private final Duration interval;

  /** The time of the next attempt for rows that an operator has to unblock, by id. */
  private final Map<String, Long> refused = new HashMap<>();

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
   * Checks all rows.
   *
   * @return delay until the next check
   */
  public Duration runOnce() throws SQLException {
    refused.values().removeIf(retryAt -> System.nanoTime() - retryAt >= 0);
    List<AwaitCommit> open =
        destination.pendingWork().of(AwaitCommit.class).stream()
            .filter(row -> !refused.containsKey(row.eventId()))
            .toList();
    for (ShardTable table : source.tables()) {
      decide(
          table,
          open.stream()
              .filter(row -> row.shard().equals(table.shard()))
              .collect(groupingBy(AwaitCommit::transaction, LinkedHashMap::new, toList())));
    }
    // Nothing but these checks relays the rows of a transaction that was committed.
    return open.isEmpty() ? interval : interval.dividedBy(2);
  }

  private void decide(ShardTable table, Map<String, List<AwaitCommit>> transactions)
      throws SQLException {
    if (transactions.isEmpty()) {
      return;
    }
    try (Connection connection = new TableAccess(source.server(), table).connect()) {
      BinlogEnd end = BinlogEnd.of(connection);
      progress.see(end);
      if (!progress.isReadFrom(end)) {
        return; // a row that is missing on a lagging replica was not rolled back
      }
      Replayer.Replay replay = replayer.begin(connection, table, REASON);
      for (List<AwaitCommit> rows : transactions.values()) {
        for (AwaitCommit row : rows) {
          if (!replay.add(row.eventId(), copy -> true, List.of(row))) {
            break; // later rows of the transaction must not overtake this one
          }
          if (replay.isFull()) {
            publish(replay);
            replay = replayer.begin(connection, table, REASON);
          }
        }
      }
      publish(replay);
    }
  }

  private void publish(Replayer.Replay replay) throws SQLException {
    long retryAt = System.nanoTime() + REFUSED_FOR.toNanos();
    replay.publish().refused().forEach(id -> refused.put(id, retryAt));
  }
}
