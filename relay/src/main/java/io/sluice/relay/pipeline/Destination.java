package io.sluice.relay.pipeline;

import io.sluice.relay.publish.Publisher;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The outputs of one run of a source.
 *
 * @param slot its place in the state topics
 * @param publisher publishes events and state
 * @param pendingWork the pending work on its tables
 * @param completions the rows to mark PUBLISHED
 */
public record Destination(
    PositionSlot slot, Publisher publisher, PendingWork pendingWork, Completions completions) {

  /** Publishes events, adds work items and removes completed ones, in one transaction. */
  public void publish(
      List<ProducerRecord<byte[], byte[]>> events,
      Collection<? extends WorkItem> added,
      Collection<? extends WorkItem> done) {
    List<ProducerRecord<byte[], byte[]>> state = new ArrayList<>();
    done.forEach(item -> state.add(slot.removal(item)));
    added.forEach(item -> state.add(slot.record(item)));
    publisher.publish(events, state);
    pendingWork.removeAll(done);
    pendingWork.addAll(added);
  }
}
