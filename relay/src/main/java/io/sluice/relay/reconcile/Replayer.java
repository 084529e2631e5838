package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.Decoded;
import io.sluice.relay.mysql.LockingReader;
import io.sluice.relay.mysql.LockingReader.Found;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.DeadLetterFactory.Quarantined;
import io.sluice.relay.publish.Rejection;
import io.sluice.relay.publish.Routing;
import io.sluice.relay.publish.RowPlace;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes rows that are read from their table instead of the binlog. */
public final class Replayer {

  private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

  /** Limits the memory for rows that are published together. The last row may exceed it. */
  private static final long FULL_BYTES = 4L << 20;

  private final Routing routing;
  private final Destination destination;
  private final ShardStatistics statistics;

  public Replayer(Routing routing, Destination destination, ShardStatistics statistics) {
    this.routing = routing;
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
    if (routing.topics().domains().isCompletedByRelay(domain)) {
      destination.completions().addAll(List.of(new Completed(shard, event)));
    }
  }

  /** Rows to be published together. Used by one thread. */
  final class Replay {
    private final Connection connection;
    private final LockingReader reader;
    private final ShardId shard;
    private final String reason;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<OutboxRow> published = new ArrayList<>();
    private final List<MarkFailed> quarantined = new ArrayList<>();
    private long bytes;

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
      try {
        if (found instanceof Found.Waiting row && isSought.test(EventCopy.of(row.row()))) {
          add(row.row(), row.attempts());
        } else if (found instanceof Found.Invalid row) {
          Decoded.Unreadable unreadable =
              new Decoded.Unreadable(
                  new RowOrigin(shard, "", false), Optional.of(id), row.reason());
          quarantine(routing.deadLetters().quarantine(unreadable, RowPlace.inTable(reason)));
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

    private void add(OutboxRow row, int attempts) {
      bytes += row.payload().length;
      RowPlace place = RowPlace.inTable(reason);
      try {
        records.add(routing.records().make(row, place));
        published.add(row);
      } catch (IllegalArgumentException e) {
        Rejection rejection = new Rejection(String.valueOf(e.getMessage()), attempts);
        quarantine(routing.deadLetters().quarantine(row, place, rejection));
      }
    }

    private void quarantine(Quarantined row) {
      records.add(row.record());
      row.markFailed().ifPresent(quarantined::add);
    }

    /** Whether the added rows should be published before more are added. */
    boolean isFull() {
      return bytes >= FULL_BYTES;
    }

    /**
     * Publishes the added rows, and in the same transaction removes these work items. Then releases
     * the locks, which have prevented that a row was redriven or removed before.
     *
     * @return the number of records published
     */
    int publish(Collection<? extends WorkItem> done) throws SQLException {
      if (!records.isEmpty() || !done.isEmpty()) {
        send(done);
        published.forEach(row -> complete(shard, row.domain(), EventCopy.of(row)));
        statistics.add(Counter.REPLAYED_EVENTS, published.size());
        statistics.add(Counter.QUARANTINED_EVENTS, records.size() - published.size());
      }
      connection.rollback();
      return records.size();
    }

    private void send(Collection<? extends WorkItem> done) {
      try {
        destination.publish(records, quarantined, done);
      } catch (OperatorNeededException e) {
        throw routing.judge(
            e, records.stream().map(ProducerRecord::topic).collect(Collectors.toSet()));
      }
    }
  }
}
