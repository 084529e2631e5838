package io.sluice.relay.upkeep;

import io.sluice.relay.repair.Repair;
import io.sluice.relay.repair.Repair.AwaitCommit;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.upkeep.RowReader.Found;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches rows of XA transactions: publishes them when they are committed, forgets them when they
 * are rolled back.
 */
final class PreparedRows implements UpkeepTask {

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int BATCH = 500;
  private static final String REASON = "xa";

  private final ShardSource source;
  private final RepairDesk desk;
  private final Replayer replayer;
  private int next;

  PreparedRows(ShardSource source, RepairDesk desk, Replayer replayer) {
    this.source = source;
    this.desk = desk;
    this.replayer = replayer;
  }

  @Override
  public String name() {
    return "watch over XA transactions";
  }

  @Override
  public Duration runOnce() throws SQLException {
    List<AwaitCommit> open = desk.open(AwaitCommit.class, Integer.MAX_VALUE);
    if (open.isEmpty()) {
      return INTERVAL;
    }
    // Around all of them in turn: the oldest may be the last to be decided.
    next = next >= open.size() ? 0 : next;
    List<AwaitCommit> batch = open.subList(next, Math.min(open.size(), next + BATCH));
    int decided = 0;
    for (ShardTable table : source.tables()) {
      decided += decide(table, batch.stream().filter(row -> isOf(table, row)).toList());
    }
    next += batch.size() - decided;
    return next >= open.size() - decided ? INTERVAL : Duration.ZERO;
  }

  private static boolean isOf(ShardTable table, Repair row) {
    return row.shard().equals(table.shard());
  }

  private int decide(ShardTable table, List<AwaitCommit> rows) throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    List<Repair> decided = new ArrayList<>();
    try (Connection connection = UpkeepSession.open(source.server(), table)) {
      RowReader reader = RowReader.open(connection, table);
      Replayer.Replay replay = replayer.begin(REASON);
      for (AwaitCommit row : rows) {
        if (replay.isFull()) {
          break;
        }
        Found found = reader.read(connection, row.eventId());
        if (!(found instanceof Found.Locked)) {
          replay.add(table, found);
          decided.add(row);
        }
      }
      // The rows stay locked until they are in Kafka, so nobody removes one in between.
      replay.publish(decided);
      connection.rollback();
    }
    return decided.size();
  }
}
