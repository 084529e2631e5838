package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.LockingReader;
import io.sluice.relay.mysql.LockingReader.Found;
import io.sluice.relay.pipeline.Batch;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.RecordFactory;
import io.sluice.relay.publish.RowPlace;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes rows that are read from their table instead of the binlog. */
public final class Replayer {

  private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

  private final RecordFactory factory;
  private final Destination destination;
  private final ShardStatistics statistics;

  public Replayer(RecordFactory factory, Destination destination, ShardStatistics statistics) {
    this.factory = factory;
    this.destination = destination;
    this.statistics = statistics;
  }

  /** Outcome for one row. */
  enum Outcome {
    /** The row is to be published, or nothing is to be published for it. */
    DECIDED,
    /** Another transaction has locked the row. */
    LOCKED,
    /** The row is unpublishable, and stays as it is until an operator has intervened. */
    REFUSED
  }

  /**
   * Begins a set of rows to be published together.
   *
   * @param connection reads the rows, and locks them until they are published
   * @param reason value of the header {@code outbox-replay}
   */
  Replay begin(Connection connection, ShardTable table, String reason) throws SQLException {
    return new Replay(connection, LockingReader.open(connection, table), table.shard(), reason);
  }

  /** Marks the row of a published event later, if its domain has no handlers. */
  void complete(ShardId shard, EventDomain domain, EventCopy event) {
    if (factory.topics().directory().domains().isCompletedByRelay(domain)) {
      destination.completions().addAll(List.of(new Completed(shard, event)));
    }
  }

  /** Rows to be published together. Used by one thread. */
  final class Replay {
    private final Connection connection;
    private final LockingReader reader;
    private final ShardId shard;
    private final String reason;
    private final Batch batch = new Batch();

    private Replay(Connection connection, LockingReader reader, ShardId shard, String reason) {
      this.connection = connection;
      this.reader = reader;
      this.shard = shard;
      this.reason = reason;
    }

    /**
     * Reads a row, and adds it if it is still to be published.
     *
     * @param isSought whether to publish this copy of the event
     */
    Outcome add(String id, Predicate<EventCopy> isSought) throws SQLException {
      Found found = reader.read(connection, id);
      if (found instanceof Found.Locked) {
        return Outcome.LOCKED;
      }
      RowPlace place = RowPlace.inTable(reason);
      try {
        if (found instanceof Found.Waiting row && isSought.test(EventCopy.of(row.row()))) {
          batch.add(factory.make(row.row(), place, row.attempts()));
        } else if (found instanceof Found.Invalid row) {
          batch.add(factory.deadLetter(shard, Optional.of(id), row.reason(), place));
        }
        return Outcome.DECIDED;
      } catch (OperatorNeededException e) {
        LOG.error(
            "shard '{}': a row that is to be published from its table ({}) waits for an operator:"
                + " {}",
            shard,
            reason,
            e.getMessage());
        return Outcome.REFUSED;
      }
    }

    /** Whether the added rows should be published before more are added. */
    boolean isFull() {
      return batch.bytes() >= destination.pace().bytes();
    }

    /**
     * Publishes the added rows, and in the same transaction removes these work items. Then releases
     * the locks, which have prevented that a row was redriven or removed before.
     *
     * @return the number of records published
     */
    int publish(Collection<? extends WorkItem> done) throws SQLException {
      int records = batch.records().size();
      if (records > 0 || !done.isEmpty()) {
        destination.publish(batch, done);
        statistics.add(Counter.REPLAYED_EVENTS, batch.published());
        statistics.add(Counter.QUARANTINED_EVENTS, batch.quarantined());
      }
      connection.rollback();
      return records;
    }
  }
}
