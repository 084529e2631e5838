package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.RowReader.Found;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.Outgoing;
import io.sluice.relay.publish.RecordFactory;
import io.sluice.relay.publish.RowPlace;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.WorkItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes rows that are read from their table instead of the binlog. */
public final class Replayer {

  /** Limits the memory for rows that are published together. The last row may exceed it. */
  private static final long FULL_BYTES = 4L << 20;

  private final RecordFactory factory;
  private final WorkItemStore store;
  private final Completions completions;
  private final ShardStatistics statistics;

  public Replayer(
      RecordFactory factory,
      WorkItemStore store,
      Completions completions,
      ShardStatistics statistics) {
    this.factory = factory;
    this.store = store;
    this.completions = completions;
    this.statistics = statistics;
  }

  /**
   * Begins a set of rows to be published together.
   *
   * @param reason value of the header {@code outbox-replay}
   */
  public Replay begin(String reason) {
    return new Replay(reason);
  }

  /** Rows to be published together. Used by one thread. */
  public final class Replay {
    private final String reason;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Set<Completed> completed = new HashSet<>();
    private final List<WorkItem.MarkFailed> quarantined = new ArrayList<>();

    private long bytes;

    private Replay(String reason) {
      this.reason = reason;
    }

    /** Adds the row if it is still to be published. */
    public void add(ShardTable table, Found found) {
      RowPlace place = RowPlace.inTable(reason);
      if (found instanceof Found.Waiting waiting) {
        bytes += waiting.row().payload().length;
        add(factory.make(waiting.row(), place, waiting.attempts()));
      } else if (found instanceof Found.Unreadable row) {
        add(factory.deadLetter(table.shard(), Optional.of(row.id()), row.reason(), place));
      }
    }

    private void add(Outgoing row) {
      records.add(row.record());
      if (row instanceof Outgoing.Event event) {
        event.completed().ifPresent(completed::add);
      } else if (row instanceof Outgoing.DeadLetter letter) {
        letter.markFailed().ifPresent(quarantined::add);
      }
    }

    /** Whether the added rows should be published before more are added. */
    public boolean isFull() {
      return bytes >= FULL_BYTES;
    }

    private void send(Collection<? extends WorkItem> done) {
      try {
        store.publish(records, quarantined, done);
      } catch (OperatorNeededException e) {
        Set<String> topics = new HashSet<>();
        records.forEach(record -> topics.add(record.topic()));
        throw factory.topics().judge(e, topics);
      }
    }

    /**
     * Publishes the added rows, and in the same transaction removes these work items.
     *
     * @return the number of records published
     */
    public int publish(Collection<? extends WorkItem> done) {
      if (records.isEmpty() && done.isEmpty()) {
        return 0;
      }
      send(done);
      completions.addAll(List.copyOf(completed));
      statistics.add(Counter.REPLAYED_EVENTS, records.size() - quarantined.size());
      statistics.add(Counter.QUARANTINED_EVENTS, quarantined.size());
      return records.size();
    }
  }
}
