package io.sluice.relay.pipeline;

import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.Outgoing;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records and pending work that one batch of the engine produces. Used by one thread. */
final class Batch {

  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<WorkItem> workItems = new ArrayList<>();
  private final List<Completed> completed = new ArrayList<>();
  private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);

  void add(Outgoing row) {
    records.add(row.record());
    if (row instanceof Outgoing.Event event) {
      count(Counter.PUBLISHED_EVENTS, 1);
      count(Counter.PUBLISHED_BYTES, event.record().value().length);
      event.completed().ifPresent(completed::add);
    } else if (row instanceof Outgoing.DeadLetter letter) {
      letter.markFailed().ifPresent(workItems::add);
      count(Counter.QUARANTINED_EVENTS, 1);
    }
  }

  /** Adds a row of an XA transaction that may still be rolled back. */
  void awaitCommit(AwaitCommit row) {
    workItems.add(row);
    count(Counter.PREPARED_ROWS, 1);
  }

  /** Adds a gap with rows that are not in the binlog. */
  void reconcile(ReconcileGap gap) {
    workItems.add(gap);
  }

  /** Counts a row that is in Kafka already. */
  void drop() {
    count(Counter.DROPPED_ROWS, 1);
  }

  /** Counts a row that is not an event, because it was inserted as PUBLISHED or FAILED. */
  void skip() {
    count(Counter.FINISHED_ROWS, 1);
  }

  private void count(Counter counter, long added) {
    counts.merge(counter, added, Long::sum);
  }

  boolean isEmpty() {
    return records.isEmpty() && workItems.isEmpty();
  }

  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  Set<String> topics() {
    return records.stream().map(ProducerRecord::topic).collect(Collectors.toSet());
  }

  /** The work items as records of the state topic. */
  List<ProducerRecord<byte[], byte[]>> workItemRecords(PositionSlot slot) {
    List<ProducerRecord<byte[], byte[]>> stored = new ArrayList<>(workItems.size() + 1);
    workItems.forEach(item -> stored.add(slot.record(item)));
    return stored;
  }

  List<WorkItem> workItems() {
    return workItems;
  }

  List<Completed> completed() {
    return completed;
  }

  /** What the batch adds to the shard's statistics. */
  Map<Counter, Long> counts() {
    return counts;
  }

  long quarantined() {
    return counts.getOrDefault(Counter.QUARANTINED_EVENTS, 0L);
  }
}
