package io.sluice.relay.reconcile;

import io.sluice.relay.binlog.Decoded;
import io.sluice.relay.mysql.RowReader.Found;
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
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
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

  private final Routing routing;
  private final WorkItemStore store;
  private final Completions completions;
  private final ShardStatistics statistics;

  public Replayer(
      Routing routing, WorkItemStore store, Completions completions, ShardStatistics statistics) {
    this.routing = routing;
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
      if (found instanceof Found.Waiting waiting) {
        add(waiting);
      } else if (found instanceof Found.Unreadable row) {
        RowOrigin origin = new RowOrigin(table.shard(), "", false);
        quarantine(
            routing
                .deadLetters()
                .quarantine(
                    new Decoded.Unreadable(origin, Optional.of(row.id()), row.reason()),
                    RowPlace.inTable(reason)));
      }
    }

    private void add(Found.Waiting waiting) {
      OutboxRow row = waiting.row();
      bytes += row.payload().length;
      try {
        records.add(routing.records().make(row, RowPlace.inTable(reason)));
      } catch (IllegalArgumentException e) {
        quarantine(
            routing
                .deadLetters()
                .quarantine(
                    row,
                    RowPlace.inTable(reason),
                    new Rejection(String.valueOf(e.getMessage()), waiting.attempts())));
        return;
      }
      if (routing.topics().domains().isCompletedByRelay(row.domain())) {
        completed.add(new Completed(row.origin().shard(), EventCopy.of(row)));
      }
    }

    private void quarantine(Quarantined row) {
      records.add(row.record());
      row.markFailed().ifPresent(quarantined::add);
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
        throw routing.judge(e, topics);
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
