package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.LockingReader;
import io.sluice.relay.mysql.LockingReader.Found;
import io.sluice.relay.pipeline.Batch;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.Outgoing;
import io.sluice.relay.record.RecordFactory;
import io.sluice.relay.record.RowPlace;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes rows that are read from their table instead of the binlog. Thread-safe. */
public final class Replayer {

  private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);
  private static final int MAX_ROWS = 500;
  private static final String TASK = "publication of rows from the table";

  private final RecordFactory factory;
  private final Destination destination;
  private final ShardStatistics statistics;

  /** The rows that wait for an operator. */
  private final Set<Row> waiting = new HashSet<>(); // guarded by this

  public Replayer(RecordFactory factory, Destination destination, ShardStatistics statistics) {
    this.factory = factory;
    this.destination = destination;
    this.statistics = statistics;
  }

  /**
   * What became of rows.
   *
   * @param published number of records published
   * @param refused ids of the rows that are unpublishable, and stay as they are until an operator
   *     has intervened
   */
  record Result(int published, Set<String> refused) {}

  /**
   * Begins a set of rows to be published together.
   *
   * @param connection reads the rows, and locks them until they are published
   * @param reason value of the header {@code outbox-replay}
   */
  Replay begin(Connection connection, ShardTable table, String reason) throws SQLException {
    return new Replay(connection, LockingReader.open(connection, table), table.shard(), reason);
  }

  /** Whether the relay marks the rows of any domain PUBLISHED. */
  boolean completesAny() {
    return !domains().completedByRelay().isEmpty();
  }

  /** Whether the relay marks the rows of this domain PUBLISHED. */
  boolean isCompleted(String domain) {
    return domains().completedByRelay().stream().anyMatch(known -> known.name().equals(domain));
  }

  private Domains domains() {
    return factory.topics().directory().domains();
  }

  /** Marks the row of a published event later, if its domain has no handlers. */
  void complete(ShardId shard, EventDomain domain, EventCopy event) {
    if (!domains().isCompletedByRelay(domain)) {
      return;
    }
    try {
      destination.completions().awaitRoom(Completions.PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while events waited to be marked", e);
    }
    destination.completions().addAll(List.of(new Completed(shard, event)));
  }

  /** Shows as failing maintenance that rows wait for an operator, until none does. */
  private synchronized void note(List<Read> rows, Map<Row, String> refused) {
    rows.forEach(read -> waiting.remove(read.row()));
    waiting.addAll(refused.keySet());
    refused.values().stream().findFirst().ifPresent(problem -> statistics.fails(TASK, problem));
    if (waiting.isEmpty()) {
      statistics.works(TASK);
    }
  }

  private record Row(ShardId shard, String id) {}

  /**
   * A row that was read.
   *
   * @param record empty if nothing is to be published
   * @param done work items that are completed with the row
   */
  private record Read(Row row, Optional<Outgoing> record, List<? extends WorkItem> done) {}

  /** Rows to be published together. Used by one thread. */
  final class Replay {
    private final Connection connection;
    private final LockingReader reader;
    private final ShardId shard;
    private final String reason;
    private final List<Read> rows = new ArrayList<>();
    private final Map<Row, String> refused = new LinkedHashMap<>();
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
     * @param done work items to remove in the transaction that publishes the row
     * @return false if another transaction has locked the row
     */
    boolean add(String id, Predicate<EventCopy> isSought, List<? extends WorkItem> done)
        throws SQLException {
      Found found = reader.read(connection, id);
      if (found instanceof Found.Locked) {
        return false;
      }
      Row row = new Row(shard, id);
      try {
        Optional<Outgoing> record = record(id, found, isSought);
        rows.add(new Read(row, record, done));
        bytes += record.map(Outgoing::bytes).orElse(0);
      } catch (OperatorNeededException e) {
        refused.put(row, e.getMessage());
      }
      return true;
    }

    private Optional<Outgoing> record(String id, Found found, Predicate<EventCopy> isSought) {
      RowPlace place = RowPlace.inTable(reason);
      if (found instanceof Found.Waiting row && isSought.test(EventCopy.of(row.row()))) {
        return Optional.of(factory.make(row.row(), place, row.attempts()));
      }
      return found instanceof Found.Invalid row
          ? Optional.of(factory.deadLetter(shard, Optional.of(id), row.reason(), place))
          : Optional.empty();
    }

    /** Whether the added rows should be published before more are added. */
    boolean isFull() {
      return bytes >= destination.pace().bytes() || rows.size() >= MAX_ROWS;
    }

    /**
     * Publishes the added rows. Then releases the locks, which have prevented that a row was
     * redriven or removed before.
     */
    Result publish() throws SQLException {
      int published = publishAll();
      connection.rollback();
      note(rows, refused);
      report();
      return new Result(
          published, refused.keySet().stream().map(Row::id).collect(Collectors.toSet()));
    }

    private int publishAll() {
      try {
        return publish(rows);
      } catch (OperatorNeededException e) {
        // Each by itself, because one that Kafka refuses must not hold up the others.
        return rows.stream().mapToInt(this::publishAlone).sum();
      }
    }

    private int publishAlone(Read row) {
      try {
        return publish(List.of(row));
      } catch (OperatorNeededException e) {
        refused.put(row.row(), e.getMessage());
        return 0;
      }
    }

    private int publish(List<Read> some) {
      Batch batch = new Batch();
      some.forEach(row -> row.record().ifPresent(batch::add));
      List<WorkItem> done = some.stream().<WorkItem>flatMap(row -> row.done().stream()).toList();
      int records = batch.records().size();
      if (records > 0 || !done.isEmpty()) {
        destination.publish(batch, done);
        statistics.add(Counter.REPLAYED_EVENTS, batch.published());
        statistics.add(Counter.QUARANTINED_EVENTS, batch.quarantined());
      }
      return records;
    }

    private void report() {
      refused.entrySet().stream()
          .findFirst()
          .ifPresent(
              first ->
                  LOG.error(
                      "shard '{}': {} rows that are to be published from the table ({}) wait for an"
                          + " operator, such as event {}: {}",
                      shard,
                      refused.size(),
                      reason,
                      first.getKey().id(),
                      first.getValue()));
    }
  }
}
