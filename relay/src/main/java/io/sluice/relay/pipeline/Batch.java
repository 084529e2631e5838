package io.sluice.relay.pipeline;

import io.sluice.relay.publish.Outgoing;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItemFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records and pending work that one batch of the engine produces. Used by one thread. */
final class Batch {

  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<WorkItem> workItems = new ArrayList<>();
  private final List<Completed> completed = new ArrayList<>();
  private long events;
  private long eventBytes;
  private long quarantined;
  private long prepared;
  private long dropped;

  void add(Outgoing row) {
    records.add(row.record());
    if (row instanceof Outgoing.Event event) {
      events++;
      eventBytes += event.record().value().length;
      event.completed().ifPresent(completed::add);
    } else if (row instanceof Outgoing.DeadLetter letter) {
      letter.markFailed().ifPresent(workItems::add);
      quarantined++;
    }
  }

  /** Adds a row of an XA transaction that may still be rolled back. */
  void awaitCommit(AwaitCommit row) {
    workItems.add(row);
    prepared++;
  }

  /** Counts a row that is in Kafka already. */
  void drop() {
    dropped++;
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
    workItems.forEach(item -> stored.add(slot.workItem(item.key(), WorkItemFormat.toJson(item))));
    return stored;
  }

  List<WorkItem> workItems() {
    return workItems;
  }

  List<Completed> completed() {
    return completed;
  }

  long events() {
    return events;
  }

  long eventBytes() {
    return eventBytes;
  }

  long quarantined() {
    return quarantined;
  }

  long prepared() {
    return prepared;
  }

  long dropped() {
    return dropped;
  }
}
