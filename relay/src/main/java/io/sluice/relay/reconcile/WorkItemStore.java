package io.sluice.relay.reconcile;

import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The pending work of a source and its changes, which the source's publisher stores in Kafka. */
public final class WorkItemStore {

  private final Destination destination;

  public WorkItemStore(Destination destination) {
    this.destination = destination;
  }

  public <R extends WorkItem> List<R> open(Class<R> kind, int most) {
    List<R> open = destination.pendingWork().of(kind);
    return open.subList(0, Math.min(most, open.size()));
  }

  /** Removes completed work items. */
  public void done(Collection<? extends WorkItem> items) {
    publish(List.of(), List.of(), items);
  }

  /** Publishes events, adds work items and removes completed ones, in one transaction. */
  void publish(
      List<ProducerRecord<byte[], byte[]>> events,
      Collection<? extends WorkItem> added,
      Collection<? extends WorkItem> done) {
    PositionSlot slot = destination.slot();
    List<ProducerRecord<byte[], byte[]>> state = new ArrayList<>();
    done.forEach(item -> state.add(slot.removal(item)));
    added.forEach(item -> state.add(slot.record(item)));
    destination.publisher().publish(events, state);
    destination.pendingWork().removeAll(done);
    destination.pendingWork().addAll(added);
  }
}
