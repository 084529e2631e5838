package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.RowReader;
import io.sluice.relay.mysql.RowReader.Found;
import io.sluice.relay.mysql.TableSession;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.EventCopy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the rows of a table that are missing from their topics. */
public final class SweepReplay {

  private static final Logger LOG = LoggerFactory.getLogger(SweepReplay.class);

  /** Rows published together. They are in memory with their payloads. */
  private static final int BATCH = 50;

  private final ShardServer server;
  private final ShardTable table;
  private final Replayer replayer;

  public SweepReplay(ShardServer server, ShardTable table, Replayer replayer) {
    this.server = server;
    this.table = table;
    this.replayer = replayer;
  }

  /**
   * Publishes rows, except those that were redriven or finished meanwhile.
   *
   * @return the outcome
   */
  SweepResult publish(List<EventCopy> events, String reason) throws SQLException {
    try (Connection connection = TableSession.open(server, table)) {
      return publish(connection, events, reason);
    }
  }

  private SweepResult publish(Connection connection, List<EventCopy> events, String reason)
      throws SQLException {
    RowReader reader = RowReader.open(connection, table);
    Set<EventCopy> held = new HashSet<>();
    Set<EventCopy> refused = new HashSet<>();
    int published = 0;
    for (int i = 0; i < events.size(); ) {
      Replayer.Replay replay = replayer.begin(reason);
      for (int end = i + BATCH; i < Math.min(events.size(), end) && !replay.isFull(); i++) {
        EventCopy event = events.get(i);
        Found found = reader.read(connection, event.id());
        if (found instanceof Found.Locked) {
          held.add(event);
        } else if (!add(replay, found, event)) {
          refused.add(event);
        }
      }
      // The row locks are held until the rows are in Kafka, so that none is redriven before.
      published += replay.publish(List.of());
      connection.rollback();
    }
    if (published > 0) {
      LOG.warn(
          "shard '{}': published {} rows of {} that were missing from their topics ({})",
          table.shard(),
          published,
          table.name(),
          reason);
    }
    return new SweepResult(0, published, 0, held, refused);
  }

  /**
   * Adds a row. A refused row is logged and does not block the other rows.
   *
   * @return false if the row was refused
   */
  private boolean add(Replayer.Replay replay, Found found, EventCopy sought) {
    if (isAnotherCopy(found, sought)) {
      return true;
    }
    try {
      replay.add(table, found);
      return true;
    } catch (OperatorNeededException e) {
      LOG.error(
          "shard '{}': a row that is missing from its topic waits for an operator: {}",
          table.shard(),
          e.getMessage());
      return false;
    }
  }

  /** Whether the row was redriven since the lookup. Its new copy comes from the binlog. */
  private static boolean isAnotherCopy(Found found, EventCopy sought) {
    return found instanceof Found.Waiting waiting && !EventCopy.of(waiting.row()).equals(sought);
  }
}
