package io.sluice.relay.pipeline;

import io.sluice.relay.publish.Pace;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.publish.RefusedRecordsException;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one run of a source.
 *
 * @param slot its place in the state topics
 * @param publisher publishes events and state
 * @param pace how much to publish together
 * @param pendingWork the pending work on its tables
 * @param completions the rows to mark PUBLISHED
 */
public record Destination(
    PositionSlot slot,
    Publisher publisher,
    Pace pace,
    PendingWork pendingWork,
    Completions completions) {

  /** Adds work items and removes completed ones, in one transaction. */
  public void publish(Collection<? extends WorkItem> added, Collection<? extends WorkItem> done) {
    publisher.publish(List.of(), state(added, done));
    pendingWork.removeAll(done);
    pendingWork.addAll(added);
  }

  /** Publishes a batch from the binlog together with the position after it. */
  void publish(Batch batch, Position position) {
    publish(batch, List.of(slot.record(position)), List.of());
  }

  /** Publishes a batch from the table, and removes completed work items, in one transaction. */
  public void publish(Batch batch, Collection<? extends WorkItem> done) {
    publish(batch, List.of(), done);
  }

  private void publish(
      Batch batch,
      List<ProducerRecord<byte[], byte[]>> position,
      Collection<? extends WorkItem> done) {
    while (!tryPublish(batch, position, done)) {
      // The rows that Kafka refuses are replaced by dead letters.
    }
    pendingWork.removeAll(done);
    pendingWork.addAll(batch.workItems());
    completions.addAll(batch.completed());
  }

  private boolean tryPublish(
      Batch batch,
      List<ProducerRecord<byte[], byte[]>> position,
      Collection<? extends WorkItem> done) {
    List<ProducerRecord<byte[], byte[]>> state = state(batch.workItems(), done);
    state.addAll(position);
    long begin = System.nanoTime();
    try {
      publisher.publish(batch.records(), state);
      pace.succeeded(batch.bytes(), Duration.ofNanos(System.nanoTime() - begin));
      return true;
    } catch (RefusedRecordsException e) {
      batch.quarantine(e);
      return false;
    } catch (RuntimeException e) {
      if (isTimeout(e)) {
        pace.timedOut(batch.bytes());
      }
      throw e;
    }
  }

  private static boolean isTimeout(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException
          || cause instanceof java.util.concurrent.TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private List<ProducerRecord<byte[], byte[]>> state(
      Collection<? extends WorkItem> added, Collection<? extends WorkItem> done) {
    List<ProducerRecord<byte[], byte[]>> state = new ArrayList<>();
    added.forEach(item -> state.add(slot.record(item)));
    // Last, because without a transaction no work may be lost.
    done.forEach(item -> state.add(slot.removal(item)));
    return state;
  }
}
