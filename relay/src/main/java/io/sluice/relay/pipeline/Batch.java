package io.sluice.relay.pipeline;

import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.RefusedRecordsException;
import io.sluice.relay.record.Outgoing;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records and pending work that are published together. Used by one thread. */
public final class Batch {

  private final List<Outgoing> rows = new ArrayList<>();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<Completed> completed = new ArrayList<>();
  private final List<Outgoing.DeadLetter> letters = new ArrayList<>();

  /** Work items besides those of the dead letters. */
  private final List<WorkItem> work = new ArrayList<>();

  private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);
  private long bytes;
  private long eventBytes;

  public void add(Outgoing row) {
    rows.add(row);
    records.add(row.record());
    bytes += row.bytes();
    if (row instanceof Outgoing.Event event) {
      eventBytes += row.bytes();
      event.completed().ifPresent(completed::add);
    } else if (row instanceof Outgoing.DeadLetter letter) {
      letters.add(letter);
    }
  }

  /** Adds a row of an XA transaction that may still be rolled back. */
  void awaitCommit(AwaitCommit row) {
    work.add(row);
    count(Counter.PREPARED_ROWS, 1);
  }

  /** Adds a gap with rows that are not in the binlog. */
  void reconcile(ReconcileGap gap) {
    work.add(gap);
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
    return rows.isEmpty() && work.isEmpty();
  }

  /** Replaces events that Kafka refuses by their dead letters. */
  void quarantine(RefusedRecordsException refused) {
    List<Outgoing> before = List.copyOf(rows);
    rows.clear();
    records.clear();
    completed.clear();
    letters.clear();
    bytes = 0;
    eventBytes = 0;
    before.forEach(row -> add(refused.replace(row)));
    if (rows.equals(before)) {
      throw refused.refusal();
    }
  }

  public List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** Bytes of the payloads. */
  public long bytes() {
    return bytes;
  }

  List<WorkItem> workItems() {
    return Stream.concat(
            work.stream(), letters.stream().flatMap(letter -> letter.markFailed().stream()))
        .toList();
  }

  List<Completed> completed() {
    return completed;
  }

  /** What the batch adds to the shard's statistics. */
  Map<Counter, Long> counts() {
    Map<Counter, Long> all = new EnumMap<>(Counter.class);
    all.putAll(counts);
    all.put(Counter.PUBLISHED_EVENTS, published());
    all.put(Counter.PUBLISHED_BYTES, eventBytes);
    all.put(Counter.QUARANTINED_EVENTS, quarantined());
    return all;
  }

  public long published() {
    return rows.size() - quarantined();
  }

  public long quarantined() {
    return letters.size();
  }
}
